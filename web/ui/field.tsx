import type { ReactNode } from 'react';
import {
  AriaSwitch,
  AriaTextField,
  Input,
  Label,
  Radio,
  RadioGroup,
  Text,
  TextArea,
} from './aria.ts';
import styles from './field.module.css';
import { TriangleAlert } from './icons.ts';

interface FieldProps {
  label: string;
  /** Full name for a screen reader where the label is short; it contains the label. */
  name?: string;
  value: string;
  onChange: (value: string) => void;
  hint?: string | undefined;
  /** What is wrong and what to do; absent while nothing is. */
  error?: string | undefined;
  isLong?: boolean;
  maxLength?: number;
  autoFocus?: boolean;
  autoComplete?: string;
  /** Codes and addresses run left to right in every language. */
  isCode?: boolean;
  /** Shown as dots. */
  isSecret?: boolean;
}

/** A labelled text field with its hint or its mistake beneath. */
export function Field({
  label,
  name,
  value,
  onChange,
  hint,
  error,
  isLong = false,
  maxLength,
  autoFocus = false,
  autoComplete = 'off',
  isCode = false,
  isSecret = false,
}: FieldProps) {
  const own = { className: styles.input ?? '', dir: isCode ? 'ltr' : 'auto' };
  return (
    <AriaTextField
      className={styles.field ?? ''}
      value={value}
      onChange={onChange}
      isInvalid={error !== undefined}
      autoFocus={autoFocus}
      autoComplete={autoComplete}
      type={isSecret ? 'password' : 'text'}
      spellCheck={isCode ? 'false' : 'true'}
      {...(maxLength === undefined ? {} : { maxLength })}
      {...(name === undefined ? {} : { 'aria-label': name })}
    >
      {name === undefined ? (
        <Label className={styles.label ?? ''}>{label}</Label>
      ) : (
        <span className={styles.label} aria-hidden>
          {label}
        </span>
      )}
      {isLong ? <TextArea {...own} rows={2} /> : <Input {...own} />}
      {error ? (
        <Text slot="description" className={styles.error ?? ''}>
          <TriangleAlert size={18} aria-hidden />
          <span>{error}</span>
        </Text>
      ) : hint ? (
        <Text slot="description" className={styles.hint ?? ''}>
          {hint}
        </Text>
      ) : null}
    </AriaTextField>
  );
}

/** A choice inside a sentence; `name` is the sentence without the choice. */
export function InlineSelect({
  name,
  value,
  options,
  onChange,
}: {
  name: string;
  value: string;
  options: readonly { value: string; text: string; lang?: string }[];
  onChange: (value: string) => void;
}) {
  return (
    <select
      className={styles.select}
      aria-label={name}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value} lang={option.lang}>
          {option.text}
        </option>
      ))}
    </select>
  );
}

/** A setting that is on or off. */
export function Toggle({
  label,
  isOn,
  onChange,
}: {
  label: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}) {
  return (
    <AriaSwitch className={styles.switch ?? ''} isSelected={isOn} onChange={onChange}>
      <span>{label}</span>
      <span className={styles.track} aria-hidden />
    </AriaSwitch>
  );
}

/** One of several, each as a whole row to tap. `label` may be seen or only spoken. */
export function Choices({
  label,
  isLabelSeen = true,
  value,
  options,
  onChange,
}: {
  label: string;
  isLabelSeen?: boolean;
  value: string | null;
  options: readonly { value: string; content: ReactNode; name?: string; isDisabled?: boolean }[];
  onChange: (value: string) => void;
}) {
  return (
    <RadioGroup
      className={styles.choices ?? ''}
      value={value}
      onChange={onChange}
      {...(isLabelSeen ? {} : { 'aria-label': label })}
    >
      {isLabelSeen ? <Label className={styles.label ?? ''}>{label}</Label> : null}
      {options.map((option) => (
        <Radio
          key={option.value}
          value={option.value}
          className={styles.choice ?? ''}
          isDisabled={option.isDisabled ?? false}
          {...(option.name ? { 'aria-label': option.name } : {})}
        >
          <span className={styles.mark} aria-hidden />
          <span className={styles.words}>{option.content}</span>
        </Radio>
      ))}
    </RadioGroup>
  );
}
