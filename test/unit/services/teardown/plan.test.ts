import { describe, expect, test } from 'vitest';
import type { DataClaim } from '#kernel/service.ts';
import { removalsOf } from '../../../../appliance/services/teardown/plan.ts';

const claim = (path: string, more: Partial<DataClaim> = {}): DataClaim => ({
  ...{ path, kind: 'data', atTeardown: 'wipe' },
  ...more,
});

describe('what a wipe removes', () => {
  test('is every claim, exported or not, and all of mission and founding after them', () => {
    const { paths } = removalsOf([
      claim('mission/swarms', { atTeardown: 'export-and-wipe' }),
      claim('mission/claims.json'),
      claim('founding'),
    ]);
    expect(paths).toEqual(['founding', 'mission/claims.json', 'mission/swarms', 'mission']);
  });

  test('leaves the keys for after the signature', () => {
    const removals = removalsOf([claim('box', { kind: 'secret' }), claim('mission/a')]);
    expect(removals).toEqual({ paths: ['mission/a', 'founding', 'mission'], secrets: ['box'] });
  });

  test('does not hold what is to outlive the mission', () => {
    const { paths, secrets } = removalsOf([claim('last-certificate.json', { atTeardown: 'keep' })]);
    expect([...paths, ...secrets]).toEqual(['founding', 'mission']);
  });
});
