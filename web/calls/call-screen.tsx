import { useEffect } from 'react';
import { useClient, useView } from '../session/client-context.tsx';
import { useGo } from '../session/route.tsx';
import { Conference } from './conference.tsx';
import { OneToOne } from './one-to-one.tsx';
import { PreJoin } from './pre-join.tsx';
import { Ended, Outgoing } from './waiting.tsx';

/** The call this device is in, at whatever step it is; without one, the list of calls. */
export function CallScreen() {
  const client = useClient();
  const { call } = useView();
  const go = useGo();
  const isGone = call === undefined;
  useEffect(() => {
    if (isGone) go('/calls', { replace: true });
  }, [isGone, go]);
  if (!call) return null;
  const toChat = () => go(`/chats/${call.cid}`);
  const dismiss = () => {
    toChat();
    client.dismissCall();
  };
  if (call.step === 'before') return <PreJoin call={call} onLeave={dismiss} />;
  if (call.step === 'outgoing') return <Outgoing call={call} />;
  if (call.step === 'ended') return <Ended call={call} onClose={dismiss} />;
  if (call.kind === 'conference') return <Conference call={call} onBack={toChat} />;
  return <OneToOne call={call} onBack={toChat} />;
}
