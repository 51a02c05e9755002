/** What lies over the screen: nothing, the palette or the list of keys. */
import { signal } from '@preact/signals';

export const overlay = signal<'palette' | 'keys' | null>(null);

export const openPalette = (): void => void (overlay.value = 'palette');
export const openKeys = (): void => void (overlay.value = 'keys');
export const closeOverlay = (): void => void (overlay.value = null);
