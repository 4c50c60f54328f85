import { Fragment, type ReactNode } from 'react';
import { cleanName } from '../ui/party/clean-name.ts';
import { type StringKey, useStrings } from './i18n.ts';
import { listParts } from './time.ts';

/**
 * A translated sentence with names in it. Each text value is cleaned and stands
 * in `<bdi>`, so that a name in another script, or one made to mislead, cannot
 * reorder the words around it.
 */
export function Phrase({
  of,
  values = {},
  count,
}: {
  of: StringKey;
  values?: Readonly<Record<string, string | ReactNode>>;
  count?: number;
}) {
  const { t } = useStrings();
  const names = Object.keys(values);
  // Private-use characters mark the places, so that a value is never parsed as a placeholder.
  const marks = Object.fromEntries(names.map((name, at) => [name, `\uE000${at}\uE001`]));
  const translate = t as (key: StringKey, options: Record<string, string | number>) => string;
  const text = translate(of, count === undefined ? marks : { ...marks, count });
  const parts = text.split(/\uE000(\d+)\uE001/u);
  return (
    <>
      {parts.map((part, at) => {
        if (at % 2 === 0) return part;
        const value = values[names[Number(part)] ?? ''];
        if (typeof value !== 'string') return <Fragment key={at}>{value}</Fragment>;
        return <bdi key={at}>{cleanName(value)}</bdi>;
      })}
    </>
  );
}

/** Names as a list in words; each is closed off, whatever its script. */
export function NameList({ names }: { names: readonly string[] }) {
  const { tag } = useStrings();
  return listParts(names.map(cleanName), tag).map(({ type, value }, at) =>
    type === 'element' ? <bdi key={at}>{value}</bdi> : value,
  );
}
