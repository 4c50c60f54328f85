// Everything that only a call needs, in one chunk.
export { CallScreen } from './call-screen.tsx';
export { CallSound } from './call-sound.tsx';
export { Incoming } from './incoming.tsx';
