"""Plane geometry: the projection that netconvert uses, and an index of directed lines."""

import math

# WGS 84 and the transverse Mercator series of Krueger (1912), third order: better than 1 mm here.
_A, _F = 6378137.0, 1 / 298.257223563
_N = _F / (2 - _F)
_RADIUS = _A / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_ALPHA = (
    _N / 2 - 2 * _N**2 / 3 + 5 * _N**3 / 16,
    13 * _N**2 / 48 - 3 * _N**3 / 5,
    61 * _N**3 / 240,
)
_E = 2 * math.sqrt(_N) / (1 + _N)


class UTM:
    """Longitude and latitude to metres of a UTM zone, moved by netconvert's offset."""

    def __init__(self, zone, is_south, offset):
        self.meridian = zone * 6 - 183
        self.north = 10_000_000.0 if is_south else 0.0
        self.offset = offset

    def __call__(self, lon, lat):
        phi, lam = math.radians(lat), math.radians(lon - self.meridian)
        sine = math.sin(phi)
        t = math.sinh(math.atanh(sine) - _E * math.atanh(_E * sine))
        xi = math.atan2(t, math.cos(lam))
        eta = math.atanh(math.sin(lam) / math.sqrt(1 + t * t))
        x, y = eta, xi
        for j, alpha in enumerate(_ALPHA, start=1):
            x += alpha * math.cos(2 * j * xi) * math.sinh(2 * j * eta)
            y += alpha * math.sin(2 * j * xi) * math.cosh(2 * j * eta)
        return (
            500_000 + 0.9996 * _RADIUS * x + self.offset[0],
            self.north + 0.9996 * _RADIUS * y + self.offset[1],
        )


def length(points):
    return sum(math.dist(a, b) for a, b in zip(points, points[1:]))


class LineIndex:
    """Directed lines by place: which of them runs here, in this direction?"""

    CELL = 25.0
    # Cosine of the angle that two lines of one road may differ by, and the metres by which they
    # may lie apart.
    SAME_DIRECTION = math.cos(math.radians(40))
    TOLERANCE = 5.0
    BEYOND_ENDS = 0.5

    def __init__(self):
        self.cells = {}

    def add(self, link):
        offset, last = 0.0, len(link.points) - 2
        for i, (a, b) in enumerate(zip(link.points, link.points[1:])):
            size = math.dist(a, b)
            if size == 0:
                continue
            ux, uy = (b[0] - a[0]) / size, (b[1] - a[1]) / size
            piece = (a[0], a[1], ux, uy, size, offset, i == 0, i == last, link)
            x0, x1 = sorted((a[0], b[0]))
            y0, y1 = sorted((a[1], b[1]))
            for column in range(int(x0 // self.CELL) - 1, int(x1 // self.CELL) + 2):
                for row in range(int(y0 // self.CELL) - 1, int(y1 // self.CELL) + 2):
                    if self._near(column, row, a, ux, uy, size):
                        self.cells.setdefault((column, row), []).append(piece)
            offset += size

    def _near(self, column, row, a, ux, uy, size):
        """Whether a cell lies within its own size of a line (long diagonals fill few cells)."""
        cx, cy = (column + 0.5) * self.CELL - a[0], (row + 0.5) * self.CELL - a[1]
        t = min(max(cx * ux + cy * uy, 0), size)
        return abs(cx - t * ux) <= 1.5 * self.CELL and abs(cy - t * uy) <= 1.5 * self.CELL

    def find(self, x, y, ux, uy, way):
        """The link made of a way, at a place of it in a direction, and how far along; or None.

        A link lies on the way's own line (one-way) or half its width to the side of it.
        """
        best, nearest = None, self.TOLERANCE
        for ax, ay, vx, vy, size, offset, is_first, is_last, link in self.cells.get(
            (int(x // self.CELL), int(y // self.CELL)), ()
        ):
            if way not in link.ways or ux * vx + uy * vy < self.SAME_DIRECTION:
                continue
            for side in (0.0, link.side):
                # `side` metres to the curb of the direction of travel.
                dx, dy = x + uy * side - ax, y - ux * side - ay
                t = dx * vx + dy * vy
                if t < -self.BEYOND_ENDS and is_first or t > size + self.BEYOND_ENDS and is_last:
                    continue
                t = min(max(t, 0.0), size)
                away = math.hypot(dx - t * vx, dy - t * vy)
                if away < nearest:
                    best, nearest = (link, offset + t), away
        return best
