import { mount } from './ui/mount.ts';
import type { ParleyClient } from '#client/model.ts';
import { App } from './app.tsx';
import { speak, startStrings } from './language/i18n.ts';
import { chooseLanguage } from './language/languages.ts';
import { dress, preferences } from './session/preferences.ts';

/** Draws the program over an engine into `#root`, in this device's language and look. */
export async function draw(client: ParleyClient, arrival: string | undefined): Promise<void> {
  const { language } = preferences();
  dress();
  await startStrings();
  await speak(chooseLanguage([...(language ? [language] : []), ...navigator.languages]));
  mount(<App client={client} arrival={arrival} />);
}
