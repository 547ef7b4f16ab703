import '@awesome.me/webawesome/dist/components/button/button.js';
import { useOwnIcons } from './icon-library.ts';
import './shell.ts';

useOwnIcons();
