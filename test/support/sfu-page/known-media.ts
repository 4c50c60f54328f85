/** Hertz of the tone that `knownMedia` plays. */
export const knownHertz = 440;

/** A picture that is red on the left and blue on the right, and a tone: easily told from noise. */
export function knownMedia(): MediaStream {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: 320, height: 240 });
  const pen = canvas.getContext('2d') as CanvasRenderingContext2D;
  const paint = (): void => {
    for (const [place, colour] of ['#f00', '#00f'].entries()) {
      pen.fillStyle = colour;
      pen.fillRect(place * 160, 0, 160, 240);
    }
  };
  paint();
  // A canvas is sent when it is painted, also with what is there already.
  setInterval(paint, 50);
  const sound = new AudioContext();
  const tone = new OscillatorNode(sound, { frequency: knownHertz });
  const out = sound.createMediaStreamDestination();
  tone.connect(out);
  tone.start();
  return new MediaStream([...canvas.captureStream(20).getTracks(), ...out.stream.getTracks()]);
}
