/**
 * To be called as a `wa-dropdown` shows, where its trigger stays as the page scrolls. Web Awesome (3.14) lays each menu on the page, which
 * takes it along until a script has put it back: a press just after a scroll begins on an item and ends beside it, and chooses nothing. It
 * has a way to lay one on the window, which it takes where there are no popovers. It is set anew each time that the menu enters the page.
 */
export function pin({ currentTarget }: Event): void {
  const popup = (currentTarget as Element).shadowRoot?.querySelector('wa-popup');
  if (popup) (popup as unknown as { SUPPORTS_POPOVER: boolean }).SUPPORTS_POPOVER = false;
}
