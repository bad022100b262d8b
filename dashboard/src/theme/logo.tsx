/** The product's mark. */
export function Logo({ size = 32 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <path
        d="M9 8.500h14a3 3 0 0 1 3 3v7a3 3 0 0 1-3 3h-6.200l-4.900 4.100a.6.6 0 0 1-1-.46V21.500H9a3 3 0 0 1-3-3v-7a3 3 0 0 1 3-3Z"
        fill="#fff"
      />
      <path d="M11 13h10M11 17h6" stroke="var(--accent)" strokeWidth="2" strokeLinecap="round" />
    </svg>
  );
}
