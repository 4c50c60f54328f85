import type { ChildState } from '../child-state.ts';
import { childChamber } from '../child-chamber.ts';
import type { AnyKind } from '../kind.ts';
import { missionChamber } from '../mission-chamber.ts';
import type { MissionState } from '../mission-state.ts';
import type { SwarmState } from '../swarm-state.ts';
import { add } from './add.ts';
import { admit } from './admit.ts';
import { agree } from './agree.ts';
import { box } from './box.ts';
import { childJoin } from './child-join.ts';
import { childLeave } from './child-leave.ts';
import { delegatedJoin } from './delegated-join.ts';
import { devadd } from './devadd.ts';
import { devrev } from './devrev.ts';
import { dispute } from './dispute.ts';
import { elapsed } from './elapsed.ts';
import { epoch } from './epoch.ts';
import { final } from './final.ts';
import { found } from './found.ts';
import { invite } from './invite.ts';
import { leads } from './leads.ts';
import { mergeKind } from './merge.ts';
import { missionLeave } from './mission-leave.ts';
import { profile } from './profile.ts';
import { receipt } from './receipt.ts';
import { resolveKind } from './resolve.ts';
import { revoke } from './revoke.ts';
import { share } from './share.ts';
import { voteKind } from './vote.ts';
import { withdraw } from './withdraw.ts';

/** Kinds by their name in the envelope. A name that is not here is invalid: fail closed. */
export type Kinds<S extends SwarmState> = ReadonlyMap<string, AnyKind<S>>;

/** Control kinds of the mission swarm below its genesis. */
export const missionKinds: Kinds<MissionState> = new Map<string, AnyKind<MissionState>>([
  ['found', found],
  ['box', box],
  ['leads', leads],
  ['invite', invite],
  ['revoke', revoke],
  ['admit', admit],
  ['join', delegatedJoin],
  ['devadd', devadd],
  ['devrev', devrev],
  ['leave', missionLeave],
  ['withdraw', withdraw],
  ['vote', voteKind(missionChamber)],
  ['resolve', resolveKind(missionChamber)],
  ['merge', mergeKind()],
  ['final', final],
  ['agree', agree],
  ['receipt', receipt],
  ['elapsed', elapsed],
  ['dispute', dispute],
]);

/** Control kinds of a conversation below its genesis. */
export const childKinds: Kinds<ChildState> = new Map<string, AnyKind<ChildState>>([
  ['add', add],
  ['join', childJoin],
  ['leave', childLeave],
  ['epoch', epoch],
  ['share', share],
  ['profile', profile],
  ['vote', voteKind(childChamber)],
  ['resolve', resolveKind(childChamber)],
  ['merge', mergeKind()],
]);

/** Kinds that only an admin may write; a demotion concurrent with them voids them (step 4). */
export function needsAdmin(kind: string, genesis: ChildState['genesis']): boolean {
  if (kind === 'vote' || kind === 'resolve') return true;
  if (kind === 'add') return genesis.mode === 1;
  if (kind === 'profile') return genesis.prof === 'admin';
  return kind === 'msg' && genesis.post === 'admin';
}

/** Decisions may always be attached, whoever wrote them (V8). */
export const decisions: ReadonlySet<string> = new Set([
  'vote',
  'resolve',
  'leave',
  'devrev',
  'withdraw',
]);

/** What is valid after the close (R15, V13), as far as the swarm has the kind at all. */
export const afterClose: ReadonlySet<string> = new Set([
  'merge',
  'leave',
  'withdraw',
  'devrev',
  'final',
  'agree',
  'receipt',
  'elapsed',
  'dispute',
]);
