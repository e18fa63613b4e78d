/** Three of four signatures: a quorum. The same mark as the app's icon. */
export function Logo({ size = 28 }: { readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 32 32"
      fill="none"
      strokeWidth="4.2"
      aria-hidden="true"
      focusable="false"
    >
      <g stroke="currentColor">
        <path d="M18.6 4.3A12 12 0 0 1 27.7 13.4" />
        <path d="M27.7 18.6A12 12 0 0 1 18.6 27.7" />
        <path d="M13.4 27.7A12 12 0 0 1 4.3 18.6" />
        <path d="M4.3 13.4A12 12 0 0 1 13.4 4.3" opacity="0.22" />
      </g>
      <path
        d="M11 16h8.5M15.8 12.3 19.500 16l-3.7 3.7"
        stroke="currentColor"
        strokeWidth="2.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
