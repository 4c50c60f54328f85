import { useState } from 'react';
import { longestName } from '../arriving/join.tsx';
import { chooseAndKeep } from '../language/language-switch.tsx';
import { useStrings } from '../language/i18n.ts';
import { languages } from '../language/languages.ts';
import { useClient, useMission } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { prefer, type Preferences, usePreferences } from '../session/preferences.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { Button, GoButton } from '../ui/button.tsx';
import { Field, InlineSelect, Toggle } from '../ui/field.tsx';
import { Pane } from '../ui/pane.tsx';
import { Card } from '../ui/surface.tsx';
import { useWide } from '../ui/use-wide.ts';
import styles from './settings.module.css';

const sizes = [100, 115, 130, 150, 175, 200];

/** How this device shows Parley, and one's own name. */
export function SettingsScreen() {
  const { t } = useStrings();
  const isWide = useWide();
  return (
    <Pane
      title={t('settings.title')}
      heading={t('settings.title')}
      back={isWide ? undefined : '/mission'}
    >
      <OwnName />
      <GoButton to="/me/devices">{t('devices.title')}</GoButton>
      <Looks />
    </Pane>
  );
}

function OwnName() {
  const { t } = useStrings();
  const client = useClient();
  const { me } = useMission();
  const { run, isBusy, problem } = useCommand({ here: true });
  const [name, setName] = useState(me.name ?? '');
  const [saved, setSaved] = useState<string>();
  const wanted = name.trim();
  const save = async () => {
    if (wanted !== '' && (await run(() => client.setDisplayName(wanted)))) setSaved(wanted);
  };
  return (
    <Card className={styles.card}>
      <h2>{t('settings.you')}</h2>
      <Field
        label={t('act.yourName')}
        hint={t('settings.nameHint')}
        error={wanted === '' ? t('party.nameFirst') : undefined}
        value={name}
        onChange={setName}
        maxLength={longestName}
        autoComplete="name"
      />
      <ProblemNote problem={problem} />
      <Button isBusy={isBusy} onPress={() => void save()}>
        {saved === wanted ? t('settings.saved') : t('act.save')}
      </Button>
    </Card>
  );
}

function Looks() {
  const { t, tag } = useStrings();
  const { theme, contrast, textSize, reduceMotion, singleKeys } = usePreferences();
  const themes = [
    { value: 'device', text: t('settings.themeDevice') },
    { value: 'light', text: t('settings.themeLight') },
    { value: 'dark', text: t('settings.themeDark') },
  ];
  return (
    <Card className={styles.card}>
      <h2>{t('settings.looks')}</h2>
      <p className={styles.row}>
        <span>{t('settings.language')}</span>
        <InlineSelect
          name={t('settings.language')}
          value={tag}
          options={languages.map(({ tag, name }) => ({ value: tag, text: name, lang: tag }))}
          onChange={chooseAndKeep}
        />
      </p>
      <p className={styles.row}>
        <span>{t('settings.theme')}</span>
        <InlineSelect
          name={t('settings.theme')}
          value={theme}
          options={themes}
          onChange={(value) => prefer({ theme: value as Preferences['theme'] })}
        />
      </p>
      <p className={styles.row}>
        <span>{t('settings.textSize')}</span>
        <InlineSelect
          name={t('settings.textSize')}
          value={String(textSize)}
          options={sizes.map((size) => ({
            value: String(size),
            text: new Intl.NumberFormat(tag, { style: 'percent' }).format(size / 100),
          }))}
          onChange={(value) => prefer({ textSize: Number(value) })}
        />
      </p>
      <Toggle
        label={t('settings.contrast')}
        isOn={contrast}
        onChange={(isOn) => prefer({ contrast: isOn })}
      />
      <Toggle
        label={t('settings.motion')}
        isOn={reduceMotion}
        onChange={(isOn) => prefer({ reduceMotion: isOn })}
      />
      <Toggle
        label={t('settings.singleKeys')}
        isOn={singleKeys}
        onChange={(isOn) => prefer({ singleKeys: isOn })}
      />
    </Card>
  );
}
