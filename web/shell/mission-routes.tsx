import { useEffect } from 'react';
import { Board } from '../board/board.tsx';
import { Call, CallList, CallWatch } from '../calls/call-watch.tsx';
import { Closing, EndWatch, KeyCard, Votes } from '../closing/door.tsx';
import { LinkDevice, MyDevices } from '../devices/door.tsx';
import { Chat } from '../messaging/chat.tsx';
import { ChatsPane, ChatsScreen, Today } from '../messaging/chats.tsx';
import { MissionScreen } from '../mission/mission-screen.tsx';
import { Invite } from '../people/invite.tsx';
import { Party } from '../people/party.tsx';
import { People } from '../people/people.tsx';
import { Search, SearchKey } from '../search/door.tsx';
import { Route, Switch, useGo } from '../session/route.tsx';
import { SettingsScreen } from '../settings/settings.tsx';
import { useWide } from '../ui/use-wide.ts';
import { Shell } from './shell.tsx';

/** The screens of a mission by their route; anything unknown leads to the chats. */
export function MissionRoutes() {
  const isWide = useWide();
  return (
    <>
      <CallWatch />
      <EndWatch />
      <SearchKey />
      <Switch>
        <Route path="/call/:id">
          <Call />
        </Route>
        <Route path="/calls">
          <Shell>
            <CallList />
          </Shell>
        </Route>
        <Route path="/chats/:cid/board">
          {({ cid }) => (
            <Shell hasRail={false}>
              <Board key={cid} cid={cid} />
            </Shell>
          )}
        </Route>
        <Route path="/chats/:cid/at/:sid">
          {({ cid, sid }) => (
            <Shell list={<ChatsPane selected={cid} />} hasRail={false}>
              <Chat key={sid} cid={cid} at={sid} />
            </Shell>
          )}
        </Route>
        <Route path="/chats/:cid">
          {({ cid }) => (
            <Shell list={<ChatsPane selected={cid} />} hasRail={false}>
              <Chat cid={cid} />
            </Shell>
          )}
        </Route>
        <Route path="/chats">
          <Shell list={<ChatsPane />}>{isWide ? <Today /> : <ChatsScreen />}</Shell>
        </Route>
        <Route path="/search/:cid?">
          {({ cid }) => (
            <Shell list={<ChatsPane selected={cid} />} hasRail={cid === undefined}>
              <Search key={cid} cid={cid} />
            </Shell>
          )}
        </Route>
        <Route path="/people/party/:slot">
          {({ slot }) => (
            <Shell>
              <Party slot={Number(slot)} />
            </Shell>
          )}
        </Route>
        <Route path="/people">
          <Shell>
            <People />
          </Shell>
        </Route>
        <Route path="/invite/:id?">
          {({ id }) => (
            <Shell>
              <Invite id={id} />
            </Shell>
          )}
        </Route>
        <Route path="/mission">
          <Shell>
            <MissionScreen />
          </Shell>
        </Route>
        <Route path="/votes/:id?">{({ id }) => <Votes key={id} id={id} />}</Route>
        <Route path="/close">
          <Closing />
        </Route>
        <Route path="/me/key-card">
          <KeyCard />
        </Route>
        <Route path="/me/devices/link">
          <LinkDevice />
        </Route>
        <Route path="/me/devices">
          <MyDevices />
        </Route>
        <Route path="/settings">
          <Shell>
            <SettingsScreen />
          </Shell>
        </Route>
        <Route>
          <ToChats />
        </Route>
      </Switch>
    </>
  );
}

function ToChats() {
  const go = useGo();
  useEffect(() => go('/chats', { replace: true }), [go]);
  return null;
}
