/** Colours that people on the stage draw with. */
export const drawnColours = { ink: '#1e1e1e', green: '#2f9e44', blue: '#1971c2' };

const streams = new Map<string, MediaStream>();

/** A moving picture of somebody as a camera would give it; the same stream each time. */
export function pictureOf(device: string, kind: 'camera' | 'screen'): MediaStream {
  const key = `${kind} ${device}`;
  const known = streams.get(key);
  if (known) return known;
  const canvas = document.createElement('canvas');
  canvas.width = 640;
  canvas.height = 480;
  const context = canvas.getContext('2d');
  const hue = [...device].reduce((sum, letter) => sum + letter.charCodeAt(0) * 13, 0) % 360;
  let tick = 0;
  const draw = () => {
    if (!context) return;
    context.fillStyle = `hsl(${hue} 25% 35%)`;
    context.fillRect(0, 0, 640, 480);
    context.fillStyle = `hsl(${(hue + 180) % 360} 35% 55%)`;
    context.beginPath();
    context.arc(320 + 8 * Math.sin(tick / 5), 240, 110, 0, 7);
    context.fill();
    tick += 1;
  };
  draw();
  setInterval(draw, 100);
  const stream = canvas.captureStream(10);
  streams.set(key, stream);
  return stream;
}
