import type { ReactNode } from 'react';
import { cleanName } from '../ui/party/clean-name.ts';
import { type StringKey, useStrings } from './i18n.ts';

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
        return <bdi key={at}>{typeof value === 'string' ? cleanName(value) : value}</bdi>;
      })}
    </>
  );
}
