import { useRef, useState } from 'react';
import type { MissionDraft } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { templates } from '../mission/charter-lines.ts';
import { useClient } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { useGo } from '../session/route.tsx';
import { Button } from '../ui/button.tsx';
import { Choices, Field } from '../ui/field.tsx';
import { Pane } from '../ui/pane.tsx';
import { cleanName } from '../ui/party/clean-name.ts';
import { Note } from '../ui/surface.tsx';
import { checkDraft, type DraftMistake, longest, tidy } from './draft.ts';
import styles from './founding.module.css';
import { blankDraft, keptDraft } from './kept-draft.ts';
import { PartiesFieldset } from './parties-fieldset.tsx';
import { RulesFieldset } from './rules-fieldset.tsx';

/**
 * "Propose a mission": everything the parties will read and sign. With `startOver` the founding
 * that is open at the box ends when it is sent, and not before.
 */
export function Propose({ startOver = false }: { startOver?: boolean }) {
  const { t } = useStrings();
  const client = useClient();
  const go = useGo();
  const { run, isBusy, problem } = useCommand({ here: true });
  const [{ template, draft }, setState] = useState({ ...keptDraft });
  const [isTried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const set = (next: { template: string; draft: MissionDraft }) => {
    Object.assign(keptDraft, next);
    setState(next);
  };
  const change = (part: Partial<MissionDraft>) => set({ template, draft: { ...draft, ...part } });
  const choose = (name: string) => {
    const { history, addParty, close, wipeAfterHours } = blankDraft(name);
    const rules = { history, addParty, close, wipeAfterHours };
    set({ template: name, draft: { ...draft, ...rules } });
  };

  const mistakes = checkDraft(draft);
  const sentence = ({ what, other = '', where }: DraftMistake) =>
    t(`propose.problem.${what}`, {
      other: cleanName(other),
      max:
        where === 'purpose' ? longest.purpose : where === 'name' ? longest.name : longest.partyName,
    });
  const errorAt = (where: DraftMistake['where'], row?: number) => {
    const found = mistakes.find((one) => one.where === where && one.row === row && !one.isWarning);
    return isTried && found ? sentence(found) : undefined;
  };
  const warningAt = (row: number) => {
    const found = mistakes.find((one) => one.isWarning && one.row === row);
    return found ? sentence(found) : undefined;
  };
  const propose = async () => {
    setTried(true);
    if (mistakes.some(({ isWarning }) => !isWarning)) {
      // After the mistakes are drawn, go to the first one.
      requestAnimationFrame(() =>
        form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus(),
      );
      return;
    }
    if (await run(() => client.propose(tidy(draft), startOver))) {
      Object.assign(keptDraft, { template: 'cell', draft: blankDraft('cell') });
      go('/found/party', { replace: true });
    }
  };

  return (
    <Pane
      title={t('propose.title')}
      heading={t('propose.title')}
      back="/"
      actions={
        <Button look="primary" isBusy={isBusy} onPress={() => void propose()}>
          {t('propose.go')}
        </Button>
      }
    >
      <form ref={form} className={styles.form} onSubmit={(event) => event.preventDefault()}>
        <Choices
          label={t('propose.template')}
          value={template}
          onChange={choose}
          options={templates.map(({ name }) => ({
            value: name,
            name: t(`propose.${name}`),
            content: (
              <span className={styles.choice}>
                <span>
                  {t(`propose.${name}`)}
                  <small>{t(`propose.${name}Text`)}</small>
                </span>
              </span>
            ),
          }))}
        />
        <Field
          label={t('propose.name')}
          value={draft.name}
          onChange={(name) => change({ name })}
          error={errorAt('name')}
        />
        <Field
          label={t('propose.purpose')}
          hint={t('propose.purposeHint')}
          value={draft.purpose}
          onChange={(purpose) => change({ purpose })}
          error={errorAt('purpose')}
          isLong
        />
        <PartiesFieldset
          parties={draft.parties}
          onChange={(parties) => change({ parties })}
          errorAt={errorAt}
          warningAt={warningAt}
        />
        <RulesFieldset draft={draft} onChange={change} weak={errorAt('addParty')} />
        {startOver ? <Note tone="attention">{t('startOver.whom')}</Note> : null}
        <Note>{t('propose.next')}</Note>
        <ProblemNote problem={problem} />
      </form>
    </Pane>
  );
}
