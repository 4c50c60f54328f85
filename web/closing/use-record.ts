import type { ClosingView } from '#client/closing-model.ts';
import { saveBlob } from '../files/save-blob.ts';
import { useClient, useMission } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';

/** "Save record" and "Check record": both fetch what is missing, saving then hands out the file. */
export function useRecord({ record }: ClosingView) {
  const client = useClient();
  const { charter } = useMission();
  const { run, isBusy, problem } = useCommand({ here: true });
  const check = () => void run(() => client.fetchRecord());
  const save = () =>
    void run(async () => {
      if (record?.state !== 'held') await client.fetchRecord();
      const file = await client.recordFile();
      const mark = record?.fingerprint.replaceAll(' ', '') ?? '';
      if (file instanceof Blob) saveBlob(file, `${charter.name} ${mark}.tar`);
    });
  return { save, check, isBusy, problem };
}
