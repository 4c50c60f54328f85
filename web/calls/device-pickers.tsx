import { useState } from 'react';
import type { StringKey } from '../language/i18n.ts';
import { useStrings } from '../language/i18n.ts';
import { useClient } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { Button } from '../ui/button.tsx';
import { Volume2 } from '../ui/icons.ts';
import styles from './call.module.css';
import { canChooseSpeaker, useDevices } from './devices.ts';
import { chooseSpeaker, useSpeaker } from './speaker.ts';
import { playTone } from './tone.ts';

/** Which microphone, camera and speaker; the speaker can be heard. */
export function DevicePickers({ stream }: { stream: MediaStream | undefined }) {
  const { t } = useStrings();
  const client = useClient();
  const { run } = useCommand();
  const sinkId = useSpeaker();
  const used = (tracks: MediaStreamTrack[] | undefined) => tracks?.[0]?.getSettings().deviceId;
  return (
    <div className={styles.pickers}>
      <Picker
        kind="audioinput"
        name="call.microphoneDevice"
        value={used(stream?.getAudioTracks())}
        again={stream}
        onChange={(id) => void run(() => client.chooseDevice('microphone', id))}
      />
      <Picker
        kind="videoinput"
        name="call.cameraDevice"
        value={used(stream?.getVideoTracks())}
        again={stream}
        onChange={(id) => void run(() => client.chooseDevice('camera', id))}
      />
      {canChooseSpeaker() ? (
        <Picker
          kind="audiooutput"
          name="call.speakerDevice"
          value={sinkId}
          again={stream}
          onChange={chooseSpeaker}
        />
      ) : null}
      <Button icon={Volume2} onPress={() => void run(() => playTone(sinkId))}>
        {t('call.testSound')}
      </Button>
    </div>
  );
}

function Picker({
  kind,
  name,
  value,
  again,
  onChange,
}: {
  kind: MediaDeviceKind;
  name: StringKey;
  value: string | undefined;
  again: unknown;
  onChange: (id: string) => void;
}) {
  const { t } = useStrings();
  const devices = useDevices(kind, again);
  const [chosen, setChosen] = useState<string>();
  const words = t(name as 'call.cameraDevice');
  return (
    <select
      className={styles.picker}
      aria-label={words}
      disabled={devices.length === 0}
      value={chosen ?? value ?? devices[0]?.id ?? ''}
      onChange={(event) => {
        setChosen(event.target.value);
        onChange(event.target.value);
      }}
    >
      {devices.length === 0 ? <option value="">{words}</option> : null}
      {devices.map(({ id, label }, at) => (
        <option key={id} value={id}>
          {label === '' ? `${words} ${at + 1}` : label}
        </option>
      ))}
    </select>
  );
}
