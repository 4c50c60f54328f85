import { useState } from 'react';

/** Copies a text; `isCopied` is true after it worked, until the text changes. */
export function useCopy(text: string): { isCopied: boolean; copy: () => void } {
  const [copied, setCopied] = useState<string>();
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(text),
      // A browser may forbid it; the text stands beside the button to be copied by hand.
      () => setCopied(undefined),
    );
  };
  return { isCopied: copied === text, copy };
}
