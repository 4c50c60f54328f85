import type { ReactNode } from 'react';
import button from '../../ui/button.module.css';
import { ChevronLeft, type LucideIcon } from '../../ui/icons.ts';
import text from '../../ui/text.module.css';

/** A button with words. The browser's own: what the app's buttons need beside it would double the file. */
export function Press({
  children,
  icon: Icon,
  look = 'plain',
  isWide = false,
  isDisabled = false,
  type = 'button',
  onPress,
}: {
  children: ReactNode;
  icon?: LucideIcon;
  look?: 'plain' | 'primary' | 'quiet';
  isWide?: boolean;
  isDisabled?: boolean;
  type?: 'button' | 'submit';
  onPress?: () => void;
}) {
  const classes = [button.button, look === 'plain' ? '' : button[look], isWide ? button.wide : ''];
  return (
    <button type={type} className={classes.join(' ')} disabled={isDisabled} onClick={onPress}>
      {Icon ? (
        <Icon size={20} className={Icon === ChevronLeft ? text.flip : undefined} aria-hidden />
      ) : null}
      {children}
    </button>
  );
}
