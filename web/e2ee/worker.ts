import { digestMs } from '#protocol/media/digest.ts';
import { FrameWorker, type Transformer } from './frame-worker.ts';
import type { FromWorker, ToWorker } from './messages.ts';

/** The part of a worker's global scope that is used; the DOM's types describe a page. */
interface WorkerScope {
  onmessage: (event: { data: ToWorker }) => void;
  onrtctransform: (event: { transformer: Transformer }) => void;
  postMessage(message: FromWorker): void;
}

const scope = self as unknown as WorkerScope;
const worker = new FrameWorker(
  (message) => scope.postMessage(message),
  () => performance.now(),
);
scope.onmessage = ({ data }) => worker.hear(data);
scope.onrtctransform = ({ transformer }) => void worker.transform(transformer);
setInterval(() => worker.report(), digestMs);
