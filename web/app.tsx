import type { ParleyClient } from '#client/model.ts';
import { useStrings } from './language/i18n.ts';
import { Announcer } from './session/announcer.tsx';
import { ArrivalWatch } from './session/arrival-watch.tsx';
import { ClientProvider } from './session/client-context.tsx';
import { ProblemNotices } from './session/problem-notice.tsx';
import { Routes } from './session/route.tsx';
import session from './session/session.module.css';
import { Stage } from './shell/stage.tsx';
import { I18nProvider } from './ui/aria.ts';
import { PartyPatterns } from './ui/party/patterns.tsx';

/** The whole program over one engine; `arrival` is the address it was opened with, if it carries a code. */
export function App({ client, arrival }: { client: ParleyClient; arrival: string | undefined }) {
  const { t, tag } = useStrings();
  return (
    <I18nProvider locale={tag}>
      <ClientProvider client={client}>
        <Routes>
          <Announcer>
            <ProblemNotices>
              <button
                type="button"
                className={session.skip}
                onClick={() => document.getElementById('main')?.focus()}
              >
                {t('app.skip')}
              </button>
              <PartyPatterns />
              <ArrivalWatch first={arrival} />
              <Stage />
            </ProblemNotices>
          </Announcer>
        </Routes>
      </ClientProvider>
    </I18nProvider>
  );
}
