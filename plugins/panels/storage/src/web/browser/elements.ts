import { ownElement } from '@stele/sdk/web';
import { ClashDialog } from '../uploads/clash-dialog.ts';
import { UploadTray } from '../uploads/tray.ts';
import { FolderDialog } from './folder-dialog.ts';
import { FileMenu } from './menu.ts';
import { NameDialog } from './name-dialog.ts';
import { FilePreview } from './preview.ts';

/** Tags of the elements that the file manager is made of. */
export const tags = {
  menu: ownElement('file-menu', FileMenu),
  nameDialog: ownElement('name-dialog', NameDialog),
  folderDialog: ownElement('folder-dialog', FolderDialog),
  preview: ownElement('file-preview', FilePreview),
  clash: ownElement('clash-dialog', ClashDialog),
  tray: ownElement('upload-tray', UploadTray),
};
