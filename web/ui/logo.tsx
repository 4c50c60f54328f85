/** Our mark: a table with four equal sides, and the light in the middle. */
export function Logo({ size = 40 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 48 48" aria-hidden>
      <g fill="none" style={{ stroke: 'var(--ink)' }} strokeWidth="7.5">
        <path d="M39.1 13.3A18.5 18.5 0 0 1 39.1 34.7" />
        <path d="M34.7 39.1A18.5 18.5 0 0 1 13.3 39.1" />
        <path d="M8.9 34.7A18.5 18.5 0 0 1 8.9 13.3" />
        <path d="M13.3 8.9A18.5 18.5 0 0 1 34.7 8.9" />
      </g>
      <circle
        cx="24"
        cy="24"
        r="6.5"
        style={{ fill: 'var(--attn)', stroke: 'var(--ink)' }}
        strokeWidth="1.5"
      />
    </svg>
  );
}
