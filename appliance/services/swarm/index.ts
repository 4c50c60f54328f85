import type { BoxIdentity } from '#kernel/box-identity.ts';
import { nodeZlib } from '#kernel/node-zlib.ts';
import type { SwarmConfig } from './config.ts';
import { GitRepositories } from './isomorphic-git-repository.ts';
import { SwarmService, type SwarmServiceDeps } from './swarm-service.ts';

export { swarmConfig, type SwarmConfig } from './config.ts';
export type { HeadFact, SwarmFacts } from './facts.ts';
export type { DeviceIdentity, Membership, SwarmName } from './membership.ts';
export type { SealedSource, SealedSwarm } from './sealing.ts';
export type { SwarmService } from './swarm-service.ts';

/** What the swarm service needs from the rest of the box. */
export interface SwarmDeps extends Pick<
  SwarmServiceDeps,
  'engine' | 'clock' | 'log' | 'wasSealed'
> {
  identity: Pick<BoxIdentity, 'openingKey' | 'publicKey' | 'sign'>;
  data: Pick<SwarmServiceDeps, 'path'>;
}

/** Makes the swarm service; nothing is read before `start`. */
export function createSwarm(deps: SwarmDeps, config: SwarmConfig): SwarmService {
  const { identity, data, wasSealed, engine, clock, log } = deps;
  const path = (below: string): string => data.path(below);
  return new SwarmService(
    {
      repositories: new GitRepositories(path('mission/swarms'), path('mission/quarantine')),
      path,
      boxKey: identity.publicKey,
      openingKey: identity.openingKey,
      signReceipt: (receipt) => identity.sign('parley-box-v1', receipt),
      ...(wasSealed && { wasSealed }),
      engine,
      zlib: nodeZlib,
      clock,
      log,
    },
    config,
  );
}
