import { lazy, type ReactNode, Suspense, useEffect, useRef } from 'react';
import { useStrings } from '../language/i18n.ts';
import { useAnnounce } from '../session/announcer.tsx';
import { useMission } from '../session/client-context.tsx';
import { useGo } from '../session/route.tsx';
import { Shell } from '../shell/shell.tsx';
import { Pane } from '../ui/pane.tsx';
import { Wait } from '../ui/surface.tsx';
import { closingNeed, votesToCast } from './needs.ts';

// Fetched when one of them is first opened; the first page stays as small as without.
const screens = () => import('./screens.ts');
const VoteList = lazy(async () => ({ default: (await screens()).VoteList }));
const VoteScreen = lazy(async () => ({ default: (await screens()).VoteScreen }));
const CloseScreen = lazy(async () => ({ default: (await screens()).CloseScreen }));
const Certificate = lazy(async () => ({ default: (await screens()).Certificate }));
const KeyCardScreen = lazy(async () => ({ default: (await screens()).KeyCardScreen }));

/** The votes, or the one with this id. */
export function Votes({ id }: { id?: string | undefined }) {
  return (
    <Shell hasRail={id === undefined}>
      <Opening>{id === undefined ? <VoteList /> : <VoteScreen id={id} />}</Opening>
    </Shell>
  );
}

/** The end of the mission. Once the box is empty nothing else is left to go to. */
export function Closing() {
  const { closing } = useMission();
  if (closing?.step === 'wiped') {
    return (
      <Opening>
        <Certificate />
      </Opening>
    );
  }
  return (
    <Shell hasRail={!closing}>
      <Opening>{closing ? <CloseScreen closing={closing} /> : <VoteList />}</Opening>
    </Shell>
  );
}

/** What gives a person's keys back. */
export function KeyCard() {
  return (
    <Shell hasRail={false}>
      <Opening>
        <KeyCardScreen />
      </Opening>
    </Shell>
  );
}

function Opening({ children }: { children: ReactNode }) {
  const { t } = useStrings();
  return (
    <Suspense
      fallback={
        <Pane title={t('nav.mission')} heading={t('nav.mission')}>
          <div data-waiting>
            <Wait>{t('closing.opening')}</Wait>
          </div>
        </Pane>
      }
    >
      {children}
    </Suspense>
  );
}

/**
 * Leads to the end when the wipe begins and when it is over, wherever the person is, and
 * says what newly waits for this person.
 */
export function EndWatch() {
  const { t } = useStrings();
  const mission = useMission();
  const { closing } = mission;
  const announce = useAnnounce();
  const go = useGo();
  const open = votesToCast(mission).length;
  const need = closingNeed(mission);
  const said = useRef({ open, need });
  useEffect(() => {
    const before = said.current;
    said.current = { open, need };
    if (open > before.open) announce(t('need.votes', { count: open }));
    if (need && need !== before.need) announce(t(`need.${need}.title`));
  }, [open, need, announce, t]);
  const shown = useRef<string>(undefined);
  const step = closing?.step;
  useEffect(() => {
    if (step !== shown.current && (step === 'wiping' || step === 'wiped')) go('/close');
    shown.current = step;
  }, [step, go]);
  return null;
}
