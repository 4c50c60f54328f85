// Everything that votes, the end and the key card need, in one chunk.
export { KeyCardScreen } from '../keys/key-card-screen.tsx';
export { ProposeSheet } from '../votes/propose-sheet.tsx';
export { VoteList } from '../votes/vote-list.tsx';
export { VoteScreen } from '../votes/vote-screen.tsx';
export { Certificate } from './certificate.tsx';
export { CloseScreen } from './close-screen.tsx';
