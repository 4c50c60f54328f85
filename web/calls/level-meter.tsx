import { useEffect, useState } from 'react';
import { useStrings } from '../language/i18n.ts';
import { Mic, MicOff } from '../ui/icons.ts';
import styles from './call.module.css';

const bars = 14;
/** Milliseconds between two looks at the microphone. */
const lookMs = 100;

/** How loud the microphone hears this person, with what it means in words. */
export function LevelMeter({ stream, isOn }: { stream: MediaStream | undefined; isOn: boolean }) {
  const { t } = useStrings();
  const level = useLevel(isOn ? stream : undefined);
  const [hasHeard, setHeard] = useState(false);
  useEffect(() => {
    if (level > 1) setHeard(true);
  }, [level]);
  const words = !isOn ? t('call.joinMuted') : hasHeard ? t('call.hears') : t('call.saySomething');
  const Icon = isOn ? Mic : MicOff;
  return (
    <p className={styles.level}>
      <Icon size={18} aria-hidden />
      <span>{words}</span>
      <span
        className={styles.bars}
        role="meter"
        aria-label={t('call.level')}
        aria-valuemin={0}
        aria-valuemax={bars}
        aria-valuenow={level}
      >
        {Array.from({ length: bars }, (_, at) => (
          <i key={at} className={at < level ? styles.lit : undefined} />
        ))}
      </span>
    </p>
  );
}

/** Loudness of a stream, 0…`bars`. */
function useLevel(stream: MediaStream | undefined): number {
  const [level, setLevel] = useState(0);
  useEffect(() => {
    setLevel(0);
    if (!stream || stream.getAudioTracks().length === 0) return;
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 512 });
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const mean = samples.reduce((sum, one) => sum + one * one, 0) / samples.length;
      // 60 dB from silence to full.
      const loudness = 1 + Math.max(-1, Math.log10(mean + 1e-9) / 6);
      setLevel(Math.round(loudness * bars));
    }, lookMs);
    return () => {
      clearInterval(timer);
      void context.close();
    };
  }, [stream]);
  return level;
}
