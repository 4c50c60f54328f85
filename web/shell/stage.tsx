import { useEffect, useState } from 'react';
import type { CharterView } from '#client/model.ts';
import { Join } from '../arriving/join.tsx';
import { Scan } from '../arriving/scan.tsx';
import { Welcome } from '../arriving/welcome.tsx';
import { LinkThisDevice } from '../devices/door.tsx';
import { Founded } from '../founding/founded.tsx';
import { Founding } from '../founding/founding.tsx';
import { Propose } from '../founding/propose.tsx';
import { useView } from '../session/client-context.tsx';
import { Route, Switch, useGo } from '../session/route.tsx';
import { Elsewhere, Starting } from '../session/waiting-pages.tsx';
import { MissionRoutes } from './mission-routes.tsx';

/** The screen for what this device is doing now. */
export function Stage() {
  const view = useView();
  const ceremony = useFreshMission();
  if (ceremony.charter) return <Founded charter={ceremony.charter} onGo={ceremony.leave} />;
  if (view.stage === 'founding' && view.founding) return <Founding founding={view.founding} />;
  if (view.stage === 'joining' && view.joining) return <Join joining={view.joining} />;
  if (view.stage === 'linking' && view.linking) return <LinkThisDevice linking={view.linking} />;
  if (view.stage === 'mission' && view.mission) return <MissionRoutes />;
  if (view.stage === 'elsewhere') return <Elsewhere />;
  if (view.stage === 'welcome') return <Arrivals />;
  return <Starting />;
}

function Arrivals() {
  return (
    <Switch>
      <Route path="/scan">
        <Scan />
      </Route>
      <Route path="/found/propose">
        <Propose />
      </Route>
      <Route path="/found/anew">
        <Propose startOver />
      </Route>
      <Route>
        <Welcome />
      </Route>
    </Switch>
  );
}

/**
 * The charter of a mission that was founded before these eyes, until the person
 * goes on. Whoever opens the page later goes straight to the chats.
 */
function useFreshMission(): { charter?: CharterView; leave: (path: string) => void } {
  const { stage, founding, mission } = useView();
  const go = useGo();
  const [state, setState] = useState<'none' | 'founding' | 'left'>('none');
  const [wanted, setWanted] = useState<string>();
  useEffect(() => {
    if (stage === 'founding') setState((now) => (now === 'none' ? 'founding' : now));
    if (stage === 'welcome') setState('none');
  }, [stage]);
  useEffect(() => {
    if (stage !== 'mission' || wanted === undefined) return;
    go(wanted, { replace: true });
    setWanted(undefined);
  }, [stage, wanted, go]);
  const leave = (path: string) => {
    setState('left');
    setWanted(path);
  };
  if (state === 'founding' && stage === 'mission' && mission)
    return { charter: mission.charter, leave };
  // The engine may show the last step before the mission itself is open.
  if (stage === 'founding' && founding?.step === 'founded' && state !== 'left')
    return { charter: founding.charter, leave };
  return { leave };
}
