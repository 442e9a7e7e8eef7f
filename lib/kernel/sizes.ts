/** How large the pictures of figures are, for those who draw them and those who show them. */

/** Pixels of the picture per pixel of the figure: sharp on a fine screen, and still small. */
export const density = 1.5;

/** Pixels across a sheet, which has the steps of a slider side by side. GitHub and JupyterLab have room for it. */
export const sheetWidth = 860;
