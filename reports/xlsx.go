package reports

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zip"
	"github.com/xuri/excelize/v2"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
)

// maxSheetRows is how many rows a sheet can have; more go on another sheet.
const maxSheetRows = excelize.TotalRows

// WriteXLSX writes the table as a workbook: title, range, time zone and
// filters on top, a frozen heading, real dates and numbers, the totals below.
// Rows are kept in tmpDir ("": the system's) until the last one is there; an
// error before that leaves w untouched.
func WriteXLSX(w io.Writer, t *Table, tmpDir string) error {
	return writeXLSX(w, t, tmpDir, maxSheetRows)
}

func writeXLSX(w io.Writer, t *Table, tmpDir string, sheetRows int) error {
	file := excelize.NewFile(excelize.Options{TmpDir: tmpDir})
	defer file.Close() // removes its temporary files
	// The library would build the whole archive in memory and compress four
	// times slower. What it gives as io.Writer is that memory.
	file.SetZipWriter(func(io.Writer) excelize.ZipWriter {
		z := zip.NewWriter(w)
		z.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) {
			return flate.NewWriter(out, flate.DefaultCompression)
		})
		return z
	})
	b := &book{file: file, table: t, flat: flatten(t), sheetRows: sheetRows, styles: map[look]int{}, money: -1}
	if t.Chart {
		b.money = slices.IndexFunc(b.flat.columns, func(c Column) bool { return c.Kind == KindMoney })
	}
	if err := b.write(); err != nil {
		return err
	}
	if err := b.chart(); err != nil {
		return err
	}
	_, err := file.WriteTo(io.Discard)
	return err
}

// book is a workbook being written.
type book struct {
	file      *excelize.File
	table     *Table
	flat      *flat
	sheetRows int
	styles    map[look]int
	bold      int // the style of headings
	sheets    int
	sheet     *excelize.StreamWriter
	row       int // the last one written on sheet
	money     int // the column that the chart draws; -1: no chart
	bars      []bar
}

// bar is a row of the chart: the row's name and the first column of money.
type bar [2]excelize.Cell

// chart adds a sheet with a chart of the money of each row. Rows begin with the newest
// and time runs from left to right: not every program turns an axis round, so the sheet
// has the rows of the chart in that order.
func (b *book) chart() error {
	if b.money < 0 || b.sheets != 1 || len(b.bars) == 0 {
		return nil
	}
	name := b.table.say(locale.T("Chart"))
	if _, err := b.file.NewSheet(name); err != nil {
		return err
	}
	heading := func(i int) excelize.Cell { return excelize.Cell{Value: b.flat.headings[i], StyleID: b.bold} }
	slices.Reverse(b.bars)
	for i, bar := range append([]bar{{heading(0), heading(b.money)}}, b.bars...) {
		if err := b.putBar(name, i+1, bar); err != nil {
			return err
		}
	}
	if err := errors.Join(b.file.SetColWidth(name, "A", "B", 20), b.onPaper(name)); err != nil {
		return err
	}
	cells := func(column string) string {
		return fmt.Sprintf("'%s'!$%s$2:$%[2]s$%[3]d", name, column, len(b.bars)+1)
	}
	one := false // color for all bars
	return b.file.AddChart(name, "D2", &excelize.Chart{Type: excelize.Col, VaryColors: &one,
		Series: []excelize.ChartSeries{{Name: fmt.Sprintf("'%s'!$B$1", name), Categories: cells("A"),
			Values: cells("B")}},
		Title:  excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: b.flat.headings[b.money]}}},
		Legend: excelize.ChartLegend{Position: "none"},
		// LibreOffice knows no skip; it leaves out what would overlap, but only of slanted
		// labels.
		XAxis: excelize.ChartAxis{TickLabelSkip: max(1, len(b.bars)/8), Font: axisFont,
			Alignment: excelize.Alignment{TextRotation: -45},
			NumFmt:    excelize.ChartNumFmt{CustomNumFmt: "yyyy-mm-dd"}},
		YAxis:     excelize.ChartAxis{MajorGridLines: true, Font: axisFont},
		Dimension: excelize.ChartDimension{Width: 960, Height: 420}})
}

// axisFont can be read on paper, unlike the light gray of the library.
var axisFont = excelize.Font{Size: 9, Color: "404040"}

// putBar writes the cells of a bar.
func (b *book) putBar(sheet string, row int, bar bar) error {
	for i, c := range bar {
		cell, err := excelize.CoordinatesToCellName(i+1, row)
		if err == nil {
			err = b.file.SetCellValue(sheet, cell, c.Value)
		}
		if err == nil {
			err = b.file.SetCellStyle(sheet, cell, cell, c.StyleID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *book) write() error {
	bold, err := b.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	b.bold = bold
	if err := b.openSheet(); err != nil {
		return err
	}
	for row, err := range b.table.Rows {
		if err != nil {
			return err
		}
		if err := b.add(row, false); err != nil {
			return err
		}
	}
	for _, total := range b.table.Totals {
		if err := b.add(total, true); err != nil {
			return err
		}
	}
	return b.sheet.Flush()
}

// openSheet begins a sheet with everything above its rows.
func (b *book) openSheet() error {
	b.sheets++
	name := "Report"
	if b.sheets == 1 {
		if err := b.file.SetSheetName("Sheet1", name); err != nil {
			return err
		}
	} else {
		name = fmt.Sprintf("Report %d", b.sheets)
		if _, err := b.file.NewSheet(name); err != nil {
			return err
		}
	}
	if err := b.onPaper(name); err != nil {
		return err
	}
	var err error
	if b.sheet, err = b.file.NewStreamWriter(name); err != nil {
		return err
	}
	b.row = 0
	return b.head()
}

// onPaper makes all columns of a sheet fit on a page's width, however many pages long.
// The stream writer takes it only before it begins.
func (b *book) onPaper(sheet string) error {
	landscape, wide, fit, long := "landscape", 1, true, 0
	return errors.Join(b.file.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}),
		b.file.SetPageLayout(sheet, &excelize.PageLayoutOptions{Orientation: &landscape, FitToWidth: &wide,
			FitToHeight: &long}))
}

// head writes what stands above the rows; widths and panes have to come first.
func (b *book) head() error {
	lines := headLines(b.table)
	for i, c := range b.flat.columns {
		if err := b.sheet.SetColWidth(i+1, i+1, width(c, b.flat.headings[i])); err != nil {
			return err
		}
	}
	frozen := len(lines) + 2 // a blank line and the headings
	err := b.sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: frozen,
		TopLeftCell: "A" + strconv.Itoa(frozen+1), ActivePane: "bottomLeft"})
	if err != nil {
		return err
	}
	for i, line := range lines {
		style := 0
		if i == 0 {
			style = b.bold
		}
		if err := b.put([]any{excelize.Cell{Value: line, StyleID: style}}); err != nil {
			return err
		}
	}
	b.row++
	values := make([]any, len(b.flat.headings))
	for i, heading := range b.flat.headings {
		values[i] = excelize.Cell{Value: heading, StyleID: b.bold}
	}
	return b.put(values)
}

// headLines say what the table is and what it was narrowed to.
func headLines(t *Table) []string {
	lines := []string{t.say(t.Title)}
	if days := RangeText(t.Range); !days.IsZero() {
		lines = append(lines, t.say(locale.T("Range: %s", days)))
	}
	lines = append(lines, t.say(locale.T("Time zone: %s", t.Zone.String())))
	for _, f := range t.Filters {
		lines = append(lines, t.say(locale.Layout("%s: %s", f.Name, f.Value)))
	}
	if !t.Note.IsZero() {
		lines = append(lines, t.say(t.Note))
	}
	return lines
}

// RangeText is a range for people, with its last day; none for all days.
func RangeText(r affiliate.Range) locale.Text {
	switch {
	case r.From.IsZero() && r.To.IsZero():
		return locale.Text{}
	case r.From.IsZero():
		return locale.T("to %s", r.To.AddDays(-1).String())
	case r.To.IsZero():
		return locale.T("from %s", r.From.String())
	}
	return locale.T("%s to %s", r.From.String(), r.To.AddDays(-1).String())
}

// width is a column's width in characters: enough for its kind and heading.
func width(c Column, heading string) float64 {
	w := map[Kind]float64{KindText: 24, KindStatus: 12, KindDate: 12, KindTime: 20, KindMoney: 18, KindNumber: 10,
		KindPercent: 10, KindChange: 12}[c.Kind]
	if c.Key == "currency" {
		w = 10
	}
	return max(w, float64(len([]rune(heading))+2))
}

// add writes a row, on a new sheet when this one is full.
func (b *book) add(row Row, total bool) error {
	if b.row >= b.sheetRows {
		if err := b.sheet.Flush(); err != nil {
			return err
		}
		if err := b.openSheet(); err != nil {
			return err
		}
	}
	cells, err := b.flat.cells(row)
	if err != nil {
		return err
	}
	values := make([]any, len(cells))
	for i, c := range cells {
		if values[i], err = b.value(c, total); err != nil {
			return err
		}
	}
	if b.money >= 0 && !total {
		name, _ := values[0].(excelize.Cell)
		amount, _ := values[b.money].(excelize.Cell) // none: no bar
		b.bars = append(b.bars, bar{name, amount})
	}
	if total && cells[0].Kind == KindEmpty {
		values[0] = excelize.Cell{Value: b.table.say(locale.T("Total")), StyleID: b.bold}
	}
	return b.put(values)
}

func (b *book) put(values []any) error {
	b.row++
	return b.sheet.SetRow("A"+strconv.Itoa(b.row), values)
}

// value is the cell as the library takes it. Text is written in place and as
// text, so that nothing in it is ever a formula (S80).
func (b *book) value(c Cell, bold bool) (any, error) {
	var v any
	switch c.Kind {
	case KindEmpty:
		return nil, nil
	case KindNumber:
		v = c.Number
	case KindMoney:
		v = numeric(c.Amount.String())
	case KindPercent, KindChange:
		v = numeric(c.Percent.String())
	case KindDate:
		v = time.Date(c.Day.Year, c.Day.Month, c.Day.Day, 0, 0, 0, 0, time.UTC)
	case KindTime:
		v = c.Time.In(b.table.Zone).Truncate(time.Second)
	default:
		v = c.Words(b.table.Language)
	}
	style, err := b.style(look{c.Kind, c.Currency, decimals(c), bold})
	return excelize.Cell{Value: v, StyleID: style}, err
}

// numeric is a decimal text as the double that a spreadsheet keeps of it. A
// double holds any 15 digits, and the library writes its shortest text, which
// is then the same decimal; longer ones stay text rather than change.
func numeric(decimal string) any {
	if significant(decimal) > 15 {
		return decimal
	}
	f, err := strconv.ParseFloat(decimal, 64)
	if err != nil {
		return decimal
	}
	return f
}

// significant counts a decimal's digits from the first one that is not 0.
func significant(decimal string) int {
	digits := 0
	for _, c := range decimal {
		if digits > 0 && c != '.' || '1' <= c && c <= '9' {
			digits++
		}
	}
	return digits
}

// look is what the style of a cell depends on.
type look struct {
	kind     Kind
	currency money.Currency
	decimals int
	bold     bool
}

// decimals is how many an amount is shown with: its currency's, and all of an
// amount finer than them.
func decimals(c Cell) int {
	if c.Kind != KindMoney {
		return 0
	}
	_, fraction, _ := strings.Cut(money.Decimal(c.Amount, c.Currency), ".")
	return len(fraction)
}

// format is the number format of a look; "" for text.
func (l look) format() string {
	switch l.kind {
	case KindNumber:
		return "#,##0"
	case KindPercent:
		return `0.0###"%"`
	case KindChange:
		return `+0"%";-0"%";0"%"`
	case KindDate:
		return "yyyy-mm-dd"
	case KindTime:
		return "yyyy-mm-dd hh:mm:ss"
	case KindMoney:
		digits := "#,##0"
		if l.decimals > 0 {
			digits += "." + strings.Repeat("0", l.decimals)
		}
		return fmt.Sprintf("[$%s] %s;[Red]-[$%s] %s", l.currency, digits, l.currency, digits)
	}
	return ""
}

// style is the library's number for a look, made once.
func (b *book) style(l look) (int, error) {
	if id, ok := b.styles[l]; ok {
		return id, nil
	}
	style := &excelize.Style{}
	if l.bold {
		style.Font = &excelize.Font{Bold: true}
	}
	if format := l.format(); format != "" {
		style.CustomNumFmt = &format
	}
	id, err := b.file.NewStyle(style)
	b.styles[l] = id
	return id, err
}
