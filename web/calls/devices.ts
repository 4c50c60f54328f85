import { useEffect, useState } from 'react';

/** A microphone, camera or speaker as the browser lists it. */
export interface ListedDevice {
  readonly id: string;
  /** Empty until the browser may tell. */
  readonly label: string;
}

/** True where a screen can be shared; phones cannot. */
export function canShareScreen(): boolean {
  return typeof navigator.mediaDevices?.getDisplayMedia === 'function';
}

/** True where the speaker can be chosen. */
export function canChooseSpeaker(): boolean {
  return 'setSinkId' in HTMLMediaElement.prototype;
}

/** Devices of this kind now; renders again when one is plugged in or may be named. */
export function useDevices(kind: MediaDeviceKind, again: unknown): readonly ListedDevice[] {
  const [listed, setListed] = useState<readonly ListedDevice[]>([]);
  useEffect(() => {
    const media: MediaDevices | undefined = navigator.mediaDevices;
    let isCurrent = true;
    const list = async () => {
      // A browser that refuses has nothing to choose from.
      const all = (await media?.enumerateDevices().catch(() => [])) ?? [];
      const ours = all.filter((one) => one.kind === kind && one.deviceId !== '');
      if (isCurrent) setListed(ours.map(({ deviceId, label }) => ({ id: deviceId, label })));
    };
    const onChange = () => void list();
    onChange();
    media?.addEventListener('devicechange', onChange);
    return () => {
      isCurrent = false;
      media?.removeEventListener('devicechange', onChange);
    };
    // `again` is whatever makes names appear, such as the first granted stream.
  }, [kind, again]);
  return listed;
}
