export interface GridShape {
  readonly columns: number;
  readonly rows: number;
  /** Size of one tile in CSS pixels. */
  readonly tileWidth: number;
  readonly tileHeight: number;
}

/**
 * The arrangement that gives n tiles the most area: every column count is tried.
 * Tiles may be as wide as 16:9; in an upright area as narrow as 1:2, so that a phone is filled, otherwise no narrower than a square,
 * because cameras are wide and would lose their sides.
 */
export function computeGrid(count: number, width: number, height: number, gap: number): GridShape {
  const narrowest = width >= height ? 1 : 1 / 2;
  let best: GridShape = { columns: 1, rows: Math.max(1, count), tileWidth: 0, tileHeight: 0 };
  for (let columns = 1; columns <= Math.max(1, count); columns++) {
    const rows = Math.ceil(count / columns);
    const cellWidth = (width - gap * (columns - 1)) / columns;
    const cellHeight = (height - gap * (rows - 1)) / rows;
    if (cellWidth <= 0 || cellHeight <= 0) continue;
    const tile = fit(cellWidth, cellHeight, narrowest);
    const gain = tile.tileWidth * tile.tileHeight - best.tileWidth * best.tileHeight;
    if (gain > 1) best = { columns, rows, ...tile };
  }
  return best;
}

const widest = 16 / 9;

function fit(width: number, height: number, narrowest: number): { tileWidth: number; tileHeight: number } {
  const aspect = width / height;
  if (aspect > widest) return { tileWidth: Math.floor(height * widest), tileHeight: Math.floor(height) };
  if (aspect < narrowest) return { tileWidth: Math.floor(width), tileHeight: Math.floor(width / narrowest) };
  return { tileWidth: Math.floor(width), tileHeight: Math.floor(height) };
}
