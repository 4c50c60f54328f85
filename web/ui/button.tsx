import type { ReactNode } from 'react';
import { Link } from '../session/route.tsx';
import { AriaButton, ToggleButton } from './aria.ts';
import styles from './button.module.css';
import type { LucideIcon } from './icons.ts';

type Look = 'plain' | 'primary' | 'danger' | 'quiet';

interface ButtonProps {
  children: ReactNode;
  onPress?: () => void;
  icon?: LucideIcon;
  look?: Look;
  isWide?: boolean;
  isDisabled?: boolean;
  isBusy?: boolean;
  type?: 'button' | 'submit';
  form?: string;
  autoFocus?: boolean;
}

function classOf(look: Look, isWide: boolean): string {
  return [styles.button, look === 'plain' ? '' : styles[look], isWide ? styles.wide : ''].join(' ');
}

/** A button with words. `isBusy` keeps its focus and its name while a command runs. */
export function Button({
  children,
  onPress,
  icon: Icon,
  look = 'plain',
  isWide = false,
  isDisabled = false,
  isBusy = false,
  type = 'button',
  form,
  autoFocus = false,
}: ButtonProps) {
  return (
    <AriaButton
      className={classOf(look, isWide)}
      isDisabled={isDisabled}
      isPending={isBusy}
      type={type}
      autoFocus={autoFocus}
      {...(onPress ? { onPress } : {})}
      {...(form ? { form } : {})}
    >
      {Icon ? <Icon size={20} aria-hidden /> : null}
      {children}
    </AriaButton>
  );
}

/** A link to another screen that looks like a button. */
export function ButtonLink({
  to,
  children,
  icon: Icon,
  look = 'plain',
  isWide = false,
}: {
  to: string;
  children: ReactNode;
  icon?: LucideIcon;
  look?: Look;
  isWide?: boolean;
}) {
  return (
    <Link href={to} className={classOf(look, isWide)}>
      {Icon ? <Icon size={20} aria-hidden /> : null}
      {children}
    </Link>
  );
}

/** A round button with a picture; `name` is what a screen reader says. */
export function IconButton({
  name,
  icon: Icon,
  onPress,
  isFilled = false,
  isDisabled = false,
  isOutOfTabOrder = false,
  className = '',
}: {
  name: string;
  icon: LucideIcon;
  onPress?: () => void;
  isFilled?: boolean;
  isDisabled?: boolean;
  isOutOfTabOrder?: boolean;
  className?: string | undefined;
}) {
  return (
    <AriaButton
      aria-label={name}
      className={[styles.icon, isFilled ? styles.filled : '', className].join(' ')}
      isDisabled={isDisabled}
      excludeFromTabOrder={isOutOfTabOrder}
      {...(onPress ? { onPress } : {})}
    >
      <Icon size={22} aria-hidden />
    </AriaButton>
  );
}

/** A round link with a picture. */
export function IconLink({ name, icon: Icon, to }: { name: string; icon: LucideIcon; to: string }) {
  return (
    <Link href={to} aria-label={name} className={styles.icon}>
      <Icon size={22} aria-hidden />
    </Link>
  );
}

/** A round button that stays pressed; its name stays the same. */
export function IconToggle({
  name,
  icon: Icon,
  isOn,
  onChange,
}: {
  name: string;
  icon: LucideIcon;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}) {
  return (
    <ToggleButton
      aria-label={name}
      className={styles.icon ?? ''}
      isSelected={isOn}
      onChange={onChange}
    >
      <Icon size={22} aria-hidden />
    </ToggleButton>
  );
}
