import type { ReactNode } from 'react';
import { useGo } from '../session/route.tsx';
import { AriaButton, ToggleButton } from './aria.ts';
import styles from './button.module.css';
import { ChevronLeft, ChevronRight, type LucideIcon, Reply, SendHorizontal } from './icons.ts';
import text from './text.module.css';

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

/** Pictures that point somewhere, and so point the other way from right to left. */
const pointing = new Set<LucideIcon>([ChevronLeft, ChevronRight, Reply, SendHorizontal]);

function flipOf(icon: LucideIcon): string | undefined {
  return pointing.has(icon) ? text.flip : undefined;
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

/** A button that leads to another screen. */
export function GoButton({ to, ...button }: Omit<ButtonProps, 'onPress'> & { to: string }) {
  const go = useGo();
  return <Button {...button} onPress={() => go(to)} />;
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
      <Icon size={22} className={flipOf(Icon)} aria-hidden />
    </AriaButton>
  );
}

/** A round button that leads to another screen. */
export function GoIconButton({ to, name, icon }: { to: string; name: string; icon: LucideIcon }) {
  const go = useGo();
  return <IconButton name={name} icon={icon} onPress={() => go(to)} />;
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
      <Icon size={22} className={flipOf(Icon)} aria-hidden />
    </ToggleButton>
  );
}
