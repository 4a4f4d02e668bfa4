export interface GridShape {
  readonly columns: number;
  readonly rows: number;
  /** Size of one tile in CSS pixels. */
  readonly tileWidth: number;
  readonly tileHeight: number;
}

/**
 * The arrangement that gives n tiles the most area: every column count is tried.
 * Tiles may be as wide as 16:9 and as narrow as 3:4, so that a phone held upright is filled as well.
 */
export function computeGrid(count: number, width: number, height: number, gap: number): GridShape {
  let best: GridShape = { columns: 1, rows: Math.max(1, count), tileWidth: 0, tileHeight: 0 };
  for (let columns = 1; columns <= Math.max(1, count); columns++) {
    const rows = Math.ceil(count / columns);
    const cellWidth = (width - gap * (columns - 1)) / columns;
    const cellHeight = (height - gap * (rows - 1)) / rows;
    if (cellWidth <= 0 || cellHeight <= 0) continue;
    const tile = fit(cellWidth, cellHeight);
    const gain = tile.tileWidth * tile.tileHeight - best.tileWidth * best.tileHeight;
    if (gain > 1) best = { columns, rows, ...tile };
  }
  return best;
}

const widest = 16 / 9;
const narrowest = 3 / 4;

function fit(width: number, height: number): { tileWidth: number; tileHeight: number } {
  const aspect = width / height;
  if (aspect > widest) return { tileWidth: Math.floor(height * widest), tileHeight: Math.floor(height) };
  if (aspect < narrowest) return { tileWidth: Math.floor(width), tileHeight: Math.floor(width / narrowest) };
  return { tileWidth: Math.floor(width), tileHeight: Math.floor(height) };
}
