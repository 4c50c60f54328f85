import { useEffect, useState } from 'react';
import type { SafetyCode } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { useSpokenCode } from '../mission/safety-code.tsx';
import { Button } from '../ui/button.tsx';
import { Volume2, VolumeX } from '../ui/icons.ts';

/** Lets the device read the pictures and digits; absent where it has no voice. */
export function ReadAloud({ code }: { code: SafetyCode }) {
  const { t, tag } = useStrings();
  const words = useSpokenCode(code);
  const [isReading, setReading] = useState(false);
  const voice = globalThis.speechSynthesis as SpeechSynthesis | undefined;
  useEffect(() => () => voice?.cancel(), [voice]);
  if (!voice) return null;
  const toggle = () => {
    voice.cancel();
    setReading(!isReading);
    if (isReading) return;
    const speech = new SpeechSynthesisUtterance(words);
    speech.lang = tag;
    // Slow enough to follow with a finger.
    speech.rate = 0.85;
    speech.onend = speech.onerror = () => setReading(false);
    voice.speak(speech);
  };
  return (
    <Button icon={isReading ? VolumeX : Volume2} onPress={toggle}>
      {isReading ? t('compare.stop') : t('compare.readAloud')}
    </Button>
  );
}
