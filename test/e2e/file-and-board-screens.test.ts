import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { commands, openStage, type OpenStage } from '../support/stage/open-stage.ts';
import { pictureWithPlace } from '../support/stage/picture-with-place.ts';

/** A browser on a busy machine takes its time. */
const soon = { timeout: 20_000, interval: 50 };
let stage: OpenStage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

describe('a file', () => {
  const choose = async (page: Page, kind: string) => {
    await press(page, 'Attach');
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('menuitem', { name: kind }).click();
    return chooser;
  };

  test('is seen with its name and size before it is sent', async () => {
    const page = await stage.scene('chat');
    const buffer = Buffer.alloc(2_500_000);
    const chooser = await choose(page, 'File');
    await chooser.setFiles({ name: 'needs.pdf', mimeType: 'application/pdf', buffer });
    const dialog = page.getByRole('dialog');
    await dialog.getByText('2.5 MB').waitFor();
    await dialog.getByRole('button', { name: 'Send' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await commands(page)).toContainEqual(['sendFile', 'all', 'needs.pdf', 2_500_000]);
    await page.close();
  });

  test('that is a photo loses place and camera unless that is switched off', async () => {
    const page = await stage.scene('chat');
    const buffer = pictureWithPlace(await page.evaluate(drawnJpeg));
    const photo = { name: 'school.jpg', mimeType: 'image/jpeg', buffer };
    const sizes = async () =>
      (await commands(page)).filter(([name]) => name === 'sendFile').map(([, , , size]) => size);
    await (await choose(page, 'Photo or video')).setFiles(photo);
    await page.getByRole('switch', { name: 'Remove location and camera data' }).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
    await expect.poll(sizes, soon).toHaveLength(1);
    expect((await sizes())[0]).toBeLessThan(buffer.length - 50_000);
    await (await choose(page, 'Photo or video')).setFiles(photo);
    await page.getByText('Remove location and camera data').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
    await expect.poll(sizes, soon).toHaveLength(2);
    expect((await sizes())[1]).toBe(buffer.length);
    await page.close();
  });

  test('has its progress in words and can be stopped, fetched, saved and tried again', async () => {
    const page = await stage.scene('chat-files');
    const bar = page.getByRole('progressbar').first();
    expect(await bar.getAttribute('aria-valuetext')).toBe('Sending, 6.2 MB of 20 MB');
    await page.getByRole('button', { name: 'Pause' }).first().click();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('The file arrived damaged. Try again.').waitFor();
    await page.getByRole('button', { name: 'Get file' }).last().click();
    const download = page.waitForEvent('download');
    await press(page, 'Save file');
    expect((await download).suggestedFilename()).toBe('needs of the school 5.pdf');
    const told = await commands(page);
    for (const command of [
      ['pauseFile', '1'],
      ['fetchFile', '2'],
      ['fetchFile', '6'],
      ['openFile', '5'],
    ])
      expect(told).toContainEqual(command);
    await page.close();
  });
});

/** A JPEG as numbers, drawn by the browser itself. */
async function drawnJpeg(): Promise<number[]> {
  const canvas = new OffscreenCanvas(64, 48);
  canvas.getContext('2d')?.fillRect(8, 8, 30, 20);
  const blob = await canvas.convertToBlob({ type: 'image/jpeg' });
  return [...new Uint8Array(await blob.arrayBuffer())];
}

describe('the board', () => {
  const drawn = (page: Page) =>
    commands(page).then((told) => told.filter(([name]) => name === 'draw'));

  test('comes whole from our origin and breaks no rule of the page', async () => {
    const page = await stage.browser.newPage({ viewport: { width: 1280, height: 800 } });
    const away: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (origin !== stage.origin && protocol !== 'data:') away.push(request.url());
    });
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.location().url.endsWith('favicon.ico'))
        complaints.push(message.text());
    });
    await page.goto(`${stage.origin}/?scene=board&language=ar`);
    await page.locator('.excalidraw canvas').first().waitFor();
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    await expect.poll(() => page.getByRole('listitem').count(), soon).toBeGreaterThan(3);
    expect({ away, complaints }).toEqual({ away: [], complaints: [] });
    expect(await page.evaluate(() => document.documentElement.dir)).toBe('rtl');
    expect(await page.locator('.excalidraw a[href^=http]:visible').count()).toBe(0);
    await page.close();
  });

  test('sends what is drawn here, and never what others drew', async () => {
    const page = await stage.scene('board');
    const list = page.getByRole('list', { name: 'Objects' });
    await list.getByText('Rectangle “School”').waitFor();
    const box = await page.locator('.excalidraw canvas.interactive').boundingBox();
    if (!box) throw new Error('no canvas');
    await page.getByRole('radio', { name: 'Rectangle' }).click({ force: true });
    await page.mouse.move(box.x + 500, box.y + 450);
    await page.mouse.down();
    await page.mouse.move(box.x + 600, box.y + 520, { steps: 4 });
    await page.mouse.up();
    await expect.poll(async () => (await drawn(page)).length, soon).toBeGreaterThan(0);
    const sent = (await drawn(page)).flatMap(([, , elements]) => elements as string[]);
    const kinds = new Set(sent.map((json) => (JSON.parse(json) as { type: string }).type));
    expect([...kinds]).toEqual(['rectangle']);
    const ids = sent.map((json) => (JSON.parse(json) as { id: string }).id);
    expect(ids).not.toContain('school');
    await list.getByRole('button', { name: 'Rectangle', exact: true }).waitFor();
    await page.close();
  });

  test('can be moved and cleared by keyboard through its list', async () => {
    const page = await stage.scene('board');
    const school = page.getByRole('button', { name: 'Rectangle “School”', exact: true });
    await school.press('Enter');
    await school.press('ArrowRight');
    await expect.poll(async () => (await drawn(page)).length, soon).toBeGreaterThan(0);
    const moved = (await drawn(page))
      .flatMap(([, , elements]) => elements as string[])
      .map((json) => JSON.parse(json) as { id: string; x: number });
    expect(moved.findLast(({ id }) => id === 'school')?.x).toBe(240);
    await school.press('Delete');
    await school.waitFor({ state: 'detached' });
    await page.close();
  });

  test('shows what others draw, and keeps the newer of two versions', async () => {
    const page = await stage.scene('board');
    const list = page.getByRole('list', { name: 'Objects' });
    await list.getByText('Circle').waitFor();
    await page.evaluate(() => {
      const { client } = globalThis as unknown as {
        client: {
          board(id: string): { elements: string[] };
          drawn(change: object): void;
        };
      };
      const { elements } = client.board('board1');
      const circle = JSON.parse(elements[2] ?? '') as object;
      const older = JSON.stringify({ ...circle, version: 1, isDeleted: true });
      const odd = { ...circle, id: 'odd', index: 'a6', boundElements: [{}], roundness: {} };
      const fresh = JSON.stringify({ ...circle, id: 'new', index: 'a7', type: 'diamond', x: 400 });
      client.drawn({ elements: [...elements, older, JSON.stringify(odd), fresh] });
    });
    await list.getByText('Diamond').waitFor();
    await list.getByText('Rectangle “School”').waitFor();
    expect(await list.getByText('Circle').count()).toBe(2);
    expect(await drawn(page)).toEqual([]);
    await page.close();
  });

  test('is saved as a picture, and says where it is kept', async () => {
    const page = await stage.scene('board-offline');
    await page.getByText('Kept on this phone. Merges later.').waitFor();
    await page.getByText('Rectangle “School”').waitFor();
    const download = page.waitForEvent('download');
    await press(page, 'Save as picture');
    expect((await download).suggestedFilename()).toBe('Board.png');
    await press(page, 'People on the board');
    await page.getByRole('dialog').getByText('Noor').waitFor();
    await page.close();
  });
});
