import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands, openStage, type OpenStage } from '../support/stage/open-stage.ts';

/** A browser on a busy machine takes its time. */
const soon = { timeout: 20_000, interval: 50 };
let stage: OpenStage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

const scene = (name: string) => stage.scene(name);
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** Changes the scripted snapshot as an event from outside would. */
const show = (page: Page, change: object) =>
  page.evaluate((what) => {
    const { client } = globalThis as unknown as {
      client: { view(): { call?: object }; show(change: object): void };
    };
    client.show({ call: { ...client.view().call, ...what } });
  }, change);

describe('a call that rings', () => {
  test('says who calls at once and is taken with one press', async () => {
    const page = await scene('incoming');
    await page.getByRole('alert').getByText('Noor, Blue, calls you with video.').waitFor();
    await press(page, 'Accept');
    expect(await commands(page)).toContainEqual(['joinCall', false]);
    await page.close();
  });

  test('takes no focus on a desk, so that typing never answers it', async () => {
    const page = await scene('incoming');
    await page.getByRole('button', { name: 'Accept with video' }).waitFor();
    const inside = await page.evaluate(
      () => document.activeElement?.closest('[role=alertdialog]') !== null,
    );
    expect(inside).toBe(false);
    await press(page, 'Decline');
    await page.getByRole('button', { name: 'Decline' }).waitFor({ state: 'detached' });
    expect(await commands(page)).toContainEqual(['declineCall']);
    await page.close();
  });
});

describe('before joining', () => {
  test('microphone and camera are switches with one name', async () => {
    const page = await scene('pre-join');
    const microphone = page.getByRole('button', { name: 'Microphone', exact: true });
    expect(await microphone.getAttribute('aria-pressed')).toBe('false');
    await microphone.click();
    await expect.poll(() => microphone.getAttribute('aria-pressed'), soon).toBe('true');
    for (const name of ['Microphone device', 'Camera device', 'Speaker device'])
      await page.getByRole('combobox', { name }).waitFor();
    await page.getByRole('meter', { name: 'Microphone level' }).waitFor();
    await press(page, 'Join call');
    expect(await commands(page)).toContainEqual(['joinCall', true]);
    await page.getByRole('region', { name: 'People in the call' }).waitFor();
    await page.close();
  });

  test('a browser that cannot encrypt is told so and not let in', async () => {
    const page = await scene('pre-join-refused');
    await page.getByText('This browser cannot join encrypted conferences.').waitFor();
    expect(await page.getByRole('button', { name: 'Join call' }).isDisabled()).toBe(true);
    await page.close();
  });
});

describe('a call', () => {
  test('goes on while another screen is shown', async () => {
    const page = await scene('one-to-one');
    await page.getByText('Direct').waitFor();
    await press(page, 'Back');
    await page.getByRole('textbox', { name: 'Message' }).waitFor();
    expect(await page.locator('audio[data-voice]').count()).toBeGreaterThan(0);
    await press(page, 'Back to the call');
    await press(page, 'Leave call');
    await page.getByText('The call has ended.').waitFor();
    await press(page, 'Close');
    await page.getByRole('textbox', { name: 'Message' }).waitFor();
    expect(await commands(page)).toContainEqual(['dismissCall']);
    await page.close();
  });

  test('has keys, but not while somebody writes, and not when they are turned off', async () => {
    const page = await scene('one-to-one');
    await page.getByRole('button', { name: 'Leave call' }).waitFor();
    await page.keyboard.press('m');
    await expect.poll(() => commands(page), soon).toContainEqual(['setMicrophone', false]);
    await press(page, 'Back');
    await page.getByRole('textbox', { name: 'Message' }).fill('');
    await page.keyboard.type('vvv');
    expect(await commands(page)).not.toContainEqual(['setCamera', false]);
    await page.evaluate(() => (location.hash = '#/settings'));
    await page.getByText('Single-key shortcuts').click();
    await press(page, 'Back to the call');
    await page.getByRole('button', { name: 'Leave call' }).waitFor();
    await page.keyboard.press('v');
    expect(await commands(page)).not.toContainEqual(['setCamera', false]);
    await page.close();
  });

  test('says who joins and leaves, and interrupts for a lost line', async () => {
    const page = await scene('conference');
    const lines = page.locator('[data-call-lines]');
    await lines.waitFor({ state: 'attached' });
    expect(await lines.textContent()).toBe('');
    await page.evaluate(() => {
      const { client } = globalThis as unknown as {
        client: {
          view(): { call: { participants: object[] } };
          show(change: object): void;
        };
      };
      const { call } = client.view();
      client.show({ call: { ...call, participants: call.participants.slice(1) } });
    });
    await expect.poll(() => lines.textContent(), soon).toBe('Noor left.');
    await show(page, { step: 'reconnecting' });
    await page.getByRole('alert').getByText('Line lost. Trying again.').waitFor();
    await page.close();
  });

  test('mutes a voice that was not signed and says so', async () => {
    const page = await scene('conference-doubt');
    await page
      .getByRole('alert')
      .getByText('This sound was not signed by the device of Ines. It is muted.')
      .waitFor();
    const isMuted = (person: string) =>
      page
        .locator(`audio[data-voice="device of ${person}"]`)
        .evaluateAll((players) => players.every((one) => (one as HTMLAudioElement).muted));
    expect(await isMuted('Ines')).toBe(true);
    expect(await isMuted('Noor')).toBe(false);
    await page.close();
  });

  test('shows the speaker large when asked', async () => {
    const page = await scene('conference');
    const people = page.getByRole('region', { name: 'People in the call' });
    expect(await people.getAttribute('data-view')).toBe('grid');
    await press(page, 'Change view');
    expect(await people.getAttribute('data-view')).toBe('speaker');
    await page.close();
  });
});

describe('starting a call', () => {
  test('is in the header of a conversation of two', async () => {
    const page = await scene('chat-two');
    await press(page, 'Start call');
    await page.getByRole('menuitem', { name: 'Video call' }).click();
    expect(await commands(page)).toContainEqual(['call', 'all', 'Jonas', true]);
    await page.close();
  });

  test('rings one of many, or everybody', async () => {
    const page = await scene('chat');
    await press(page, 'Start call');
    await page.getByRole('menuitem', { name: 'Call one person' }).click();
    await press(page, 'Call Noor');
    expect(await commands(page)).toContainEqual(['call', 'all', 'Noor', false]);
    await press(page, 'Start call');
    await page.getByRole('menuitem', { name: 'Start conference' }).click();
    expect(await commands(page)).toContainEqual(['confer', 'all']);
    await page.close();
  });

  test('is offered where one was missed and where a conference is on', async () => {
    const page = await scene('calls');
    await page.getByText('Missed call').waitFor();
    await page.getByRole('button', { name: 'Call back' }).first().click();
    await press(page, 'Join');
    const told = await commands(page);
    expect(told).toContainEqual(['call', 'all', 'Noor', false]);
    expect(told).toContainEqual(['confer', 'all']);
    await page.close();
  });
});
