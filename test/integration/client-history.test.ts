import { afterEach, describe, expect, it } from 'vitest';
import { BoxProcess } from '../support/box-process.ts';
import { foundTogether, joinedBy, type NodeClient } from '../support/node-client.ts';

const room = 'All parties';
let box: BoxProcess | undefined;
let people: NodeClient[] = [];

afterEach(async () => {
  for (const one of people) await one.stop();
  await box?.remove();
});

describe('a mission whose past is not for newcomers', () => {
  it('lets a colleague read from joining on, and nothing before', async () => {
    box = await BoxProcess.start();
    people = await foundTogether(await box.origin(), { history: 'join' });
    const [red, blue] = people;
    if (!red || !blue) throw new Error('no leads');
    await red.send(room, 'Before Carla');
    await blue.sees('it', (one) => one.texts(room).includes('Before Carla'));
    const carla = await joinedBy(red, 'Carla');
    people.push(carla);
    await blue.send(room, 'After Carla came');
    await carla.sees('it', (one) => one.texts(room).includes('After Carla came'));
    expect(carla.texts(room)).toEqual(['After Carla came']);
    expect(carla.messages(room).some(({ kind }) => kind === 'locked')).toBe(true);
    expect(carla.conversation(room)?.history).toBe('join');
    await carla.send(room, 'Carla writes');
    for (const one of [red, blue]) {
      await one.sees('her', (seen) => seen.texts(room).includes('Carla writes'));
      expect(one.texts(room)).toContain('Before Carla');
    }
  });
});

describe('a mission of three parties', () => {
  it('is founded by all three, who see one code and talk in one room', async () => {
    box = await BoxProcess.start();
    const leads = [
      ['Red', 'Rosa'],
      ['Blue', 'Bela'],
      ['Green', 'Gena'],
    ] as const;
    people = await foundTogether(await box.origin(), { leads });
    const codes = new Set(people.map(({ mission }) => mission.code.digits));
    expect(codes.size).toBe(1);
    for (const one of people) await one.send(room, `${one.name} is here`);
    for (const one of people) {
      await one.sees('everybody', (seen) => seen.texts(room).length === 3);
      await one.sees('all names', ({ mission }) => mission.people.every(({ name }) => name));
      expect(one.mission.compared).toEqual([0, 1, 2]);
      expect(one.texts(room)).toEqual(people[0]?.texts(room));
    }
  });
});
