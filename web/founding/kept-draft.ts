import type { MissionDraft } from '#client/model.ts';
import { templates } from '../mission/charter-lines.ts';

const blank = { name: '', code: '' };

/** A draft with the rules of one template and nothing typed. */
export function blankDraft(template: string): MissionDraft {
  const rules = templates.find(({ name }) => name === template) ?? templates[0];
  return {
    name: '',
    purpose: '',
    parties: template === 'congress' ? [blank, blank, blank] : [blank, blank],
    history: rules?.history ?? 'all',
    addParty: rules?.addParty ?? 'all',
    close: rules?.close ?? 'all',
    wipeAfterHours: rules?.wipeAfterHours ?? 24,
  };
}

/** The draft being typed: kept while the page is open, never stored, since it names people's plans. */
export const keptDraft: { template: string; draft: MissionDraft } = {
  template: 'cell',
  draft: blankDraft('cell'),
};
