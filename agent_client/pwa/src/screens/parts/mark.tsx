/** The app's mark: an open door, as on the icon. */
export function Mark() {
  return (
    <span class="mark" aria-hidden="true">
      <svg width="48" height="48" viewBox="0 0 32 32" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">
        <path d="M10 25V7h12v18M7 25h18M18 16v1.4" />
      </svg>
    </span>
  );
}
