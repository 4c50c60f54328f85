/** Milliseconds between two rings of an incoming call. */
const ringEveryMs = 3000;

/** Plays two short notes on the output with this id ('' = the usual one). */
export async function playTone(sinkId = ''): Promise<void> {
  const context = new AudioContext();
  if (sinkId !== '' && 'setSinkId' in context)
    await (context as AudioContext & { setSinkId(id: string): Promise<void> }).setSinkId(sinkId);
  const volume = context.createGain();
  volume.gain.value = 0.15;
  volume.connect(context.destination);
  const notes = [660, 880].map((frequency, at) => {
    const note = new OscillatorNode(context, { frequency });
    note.connect(volume);
    note.start(context.currentTime + at * 0.22);
    note.stop(context.currentTime + at * 0.22 + 0.2);
    return note;
  });
  notes.at(-1)?.addEventListener('ended', () => void context.close());
}

/** Rings until the returned function is called. Silent where the browser forbids sound. */
export function ring(): () => void {
  const once = () => {
    if (navigator.userActivation?.hasBeenActive) {
      playTone().catch(() => undefined);
      navigator.vibrate?.([300, 150, 300]);
    }
  };
  once();
  const timer = setInterval(once, ringEveryMs);
  return () => clearInterval(timer);
}
