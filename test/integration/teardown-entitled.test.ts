import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { join } from 'node:path';
import type { Route } from '#kernel/route.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { devrevMessage } from '#protocol/state/kinds/devrev.ts';
import { withdrawMessage } from '#protocol/state/kinds/withdraw.ts';
import { EndBox } from '../support/end-box.ts';
import { foundOn, type EndPerson } from '../support/end-people.ts';
import { paperFounding } from '../support/founders.ts';
import { gatewayBox, type GatewayBox } from '../support/gateway-box.ts';
import { GatewayDevice } from '../support/gateway-device.ts';
import { roomOnDisk } from '../support/swarm-box.ts';

let room: Awaited<ReturnType<typeof roomOnDisk>>;
let box: EndBox;

beforeEach(async () => {
  room = await roomOnDisk();
  box = await EndBox.start(join(room.path, 'data'));
});
afterEach(async () => {
  await box.close();
  await room.remove();
});

describe('at the door', () => {
  let gateway: GatewayBox;
  let routes: readonly Route[];
  beforeEach(async () => {
    routes = [...box.service.routes, ...box.files.routes, ...box.teardown.routes];
    gateway = await gatewayBox({}, routes);
  });
  afterEach(() => gateway.close());

  /** A device of a party that is out, logged in. */
  async function former(): Promise<GatewayDevice> {
    const device = new GatewayDevice(gateway);
    const person = gateway.devices.get(device.dfp);
    gateway.devices.delete(device.dfp);
    if (person) gateway.former.set(device.dfp, person);
    return device.logIn();
  }

  const ask = (device: GatewayDevice, { method, path }: Route) =>
    device.ask(method, path.replaceAll(/:\w+/g, 'a'.repeat(52)));

  test('a device of a party that is out gets into no door but those of the end', async () => {
    const device = await former();
    const refused = { code: 'GATEWAY_SESSION_UNKNOWN' };
    const signed = routes.filter(({ access }) => access === 'signed');
    expect(signed.length).toBeGreaterThan(8);
    for (const route of signed) {
      const reply = await ask(device, route);
      expect(reply.status, route.path).toBe(403);
      if (route.method !== 'HEAD') expect(reply.json(), route.path).toMatchObject(refused);
    }
    const state = await device.ask('GET', '/v1/end/state');
    expect([state.status, state.json()]).toEqual([200, { step: 'open', waited: 0 }]);
    expect((await device.ask('GET', '/v1/end/record')).json()).toMatchObject({
      code: 'TEARDOWN_RECORD_NONE',
    });
  });

  test('such a device hears nothing of the broker', async () => {
    const device = await former();
    const id = device.session?.id ?? '';
    expect(gateway.sessions.verify(device.dfp, id, device.mqttPassword(7))).toBe(undefined);
  });

  test('a session of before the removal goes on at the end alone', async () => {
    const device = await new GatewayDevice(gateway).logIn();
    const file = `/v1/f/${'a'.repeat(128)}`;
    expect((await device.ask('GET', file)).status).toBe(404);
    const person = gateway.devices.get(device.dfp);
    gateway.devices.delete(device.dfp);
    if (person) gateway.former.set(device.dfp, person);
    expect((await device.ask('GET', file)).status).toBe(403);
    expect((await device.ask('GET', '/v1/end/state')).status).toBe(200);
    gateway.former.clear();
    expect((await device.ask('GET', '/v1/end/state')).status).toBe(403);
  });

  test('strangers get the certificate and nothing else', async () => {
    for (const { method, path } of box.teardown.routes) {
      const { status } = await gateway.ask(method, path);
      expect([path, status]).toEqual([path, path.endsWith('certificate') ? 404 : 403]);
    }
  });

  test.each(['HEAD', 'POST', 'PUT', 'DELETE'])('no door of the end takes %s', async (method) => {
    const device = await former();
    for (const { path } of box.teardown.routes) {
      const { status } = await device.ask(method, path);
      expect([path, status >= 400 && status < 500]).toEqual([path, true]);
    }
  });
});

describe('in the mission', () => {
  let red: EndPerson;
  let blue: EndPerson;
  let green: EndPerson;
  const isIn = (one: EndPerson): [boolean, boolean] => {
    const { membership } = box.service;
    const { device } = one.caller;
    return [membership.device(device) !== undefined, membership.former(device) !== undefined];
  };
  beforeEach(async () => {
    const people = await foundOn(() => box, await paperFounding(3));
    [red, blue, green] = people as [EndPerson, EndPerson, EndPerson];
  });

  test('a party that withdrew stays entitled to the record (T1)', async () => {
    expect(isIn(blue)).toEqual([true, true]);
    const { party } = blue.caller;
    const message = withdrawMessage(blue.device.missionCid, party);
    const s = toB64u(await blue.founder.party.sign('swarm-cert-v1', message));
    await blue.say('withdraw', { s });
    expect(isIn(blue)).toEqual([false, true]);
    expect(isIn(red)).toEqual([true, true]);
  });

  test('a device that was retired by itself, as a lost phone is, is entitled to nothing', async () => {
    const { device } = blue.caller;
    const message = devrevMessage(blue.device.missionCid, { d: device });
    const s = toB64u(await blue.founder.member.sign('swarm-cert-v1', message));
    await blue.say('devrev', { d: device, s });
    expect(isIn(blue)).toEqual([false, false]);
  });

  test('a party whose people were all banned by name stays entitled, too', async () => {
    const ban = { a: 'ban', basis: [], c: 'member', u: blue.caller.member };
    const votes: string[] = [];
    for (const one of [red, green]) votes.push((await one.say('vote', { ...ban, ch: 'for' })).sid);
    await red.say('resolve', { ...ban, votes: votes.sort() });
    expect(isIn(blue)).toEqual([false, true]);
    expect(isIn(red)).toEqual([true, true]);
  });

  test('nobody that the mission never knew is entitled', () => {
    expect(box.service.membership.former('a'.repeat(52))).toBe(undefined);
  });
});
