import { prefer } from '../session/preferences.ts';
import { AriaButton, Menu, MenuItem, MenuTrigger, Popover } from '../ui/aria.ts';
import { ChevronDown, Languages } from '../ui/icons.ts';
import button from '../ui/button.module.css';
import menu from '../ui/menu.module.css';
import { speak, useStrings } from './i18n.ts';
import { chooseLanguage, languages } from './languages.ts';

/** Changes the language at once, without losing what was typed. No flags. */
export function LanguageSwitch() {
  const { t, tag } = useStrings();
  const now = languages.find((language) => language.tag === tag) ?? chooseLanguage([]);
  return (
    <MenuTrigger>
      <AriaButton
        className={button.button ?? ''}
        aria-label={t('languageSwitch', { name: now.name })}
      >
        <Languages size={20} aria-hidden />
        <span lang={now.tag}>{now.name}</span>
        <ChevronDown size={18} aria-hidden />
      </AriaButton>
      <Popover className={menu.popover ?? ''} placement="bottom end">
        <Menu
          className={menu.menu ?? ''}
          selectionMode="single"
          selectedKeys={[now.tag]}
          onAction={(key) => chooseAndKeep(String(key))}
        >
          {languages.map((language) => (
            <MenuItem key={language.tag} id={language.tag} className={menu.item ?? ''}>
              <span lang={language.tag} dir={language.dir}>
                {language.name}
              </span>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

/** Speaks the language with this tag from now on, on this device. */
export function chooseAndKeep(tag: string): void {
  const language = chooseLanguage([tag]);
  prefer({ language: language.tag });
  void speak(language);
}
