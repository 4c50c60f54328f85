import { useMemo } from 'react';
import { encode } from 'uqr';
import styles from './qr.module.css';

/** A QR code, always black on white, since cameras need it so in every theme. */
export function Qr({ text, name }: { text: string; name: string }) {
  const { path, size } = useMemo(() => {
    const { data } = encode(text, { ecc: 'M', border: 4 });
    const path = data
      .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')))
      .join('');
    return { path, size: data.length };
  }, [text]);
  return (
    <div className={styles.frame}>
      <svg role="img" aria-label={name} viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges">
        <path d={path} className={styles.dark} />
      </svg>
    </div>
  );
}
