// SPDX-License-Identifier: Apache-2.0
// A peer to measure beside: Go, wish + bubbletea + bubbles/textinput, go-sqlite3.
// usage: FORM_DB=... form PORT HOSTKEY   (user test, password test); CURSOR=blink restores the default blinking cursor.
package main

import (
	"database/sql"
	"fmt"
	"log"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/wish"
	bm "github.com/charmbracelet/wish/bubbletea"
	"github.com/gliderlabs/ssh"
	_ "github.com/mattn/go-sqlite3"
)

var labels = []string{"اسم المواطن", "الرقم المدني", "رقم الهاتف", "المحافظة", "الولاية", "تاريخ الميلاد", "العنوان", "تتمة العنوان",
	"رقم السجل", "طلب عاجل", "المبلغ", "ملاحظات"}
var govs = []string{"مسقط", "ظفار", "مسندم", "البريمي", "الداخلية", "شمال الباطنة", "جنوب الباطنة", "شمال الشرقية", "جنوب الشرقية", "الظاهرة", "الوسطى"}
var db *sql.DB
var num8, phone, num, amount = regexp.MustCompile(`^[0-9]{8}$`), regexp.MustCompile(`^[279][0-9]{7}$`), regexp.MustCompile(`^[0-9]{1,12}$`), regexp.MustCompile(`^[0-9]+(\.[0-9]{1,3})?$`)

type model struct {
	f      []textinput.Model
	cur    int
	page   string
	gov    int
	status string
}

func fresh(status string) model {
	m := model{page: "form", status: status}
	for i := range labels {
		t := textinput.New()
		t.Prompt = ""
		t.Width = 56
		if os.Getenv("CURSOR") != "blink" {
			t.SetCursorMode(textinput.CursorStatic)
		}
		if i == 9 {
			t.SetValue("لا")
		}
		m.f = append(m.f, t)
	}
	m.f[0].Focus()
	return m
}
func (m model) Init() tea.Cmd {
	if os.Getenv("CURSOR") == "blink" {
		return textinput.Blink
	}
	return nil
}
func (m model) bad() int {
	v := func(i int) string { return m.f[i].Value() }
	_, de := time.Parse("2006-01-02", v(5))
	ok := []bool{strings.Contains(v(0), " "), num8.MatchString(v(1)), phone.MatchString(v(2)), v(3) != "", v(4) != "", de == nil, v(6) != "", true,
		num.MatchString(v(8)), v(9) == "نعم" || v(9) == "لا", amount.MatchString(v(10)), true}
	for i, o := range ok {
		if !o {
			return i
		}
	}
	return -1
}
func (m *model) focus(i int) tea.Cmd {
	m.f[m.cur].Blur()
	m.cur = (i + len(labels)) % len(labels)
	return m.f[m.cur].Focus()
}
func (m model) store() int64 {
	a := make([]interface{}, len(m.f))
	for i := range m.f {
		a[i] = m.f[i].Value()
	}
	r, err := db.Exec("INSERT INTO requests(name,civil,phone,gov,wilayat,dob,addr1,addr2,reg,urgent,amount,notes) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)", a...)
	if err != nil {
		log.Print(err)
		return -1
	}
	id, _ := r.LastInsertId()
	return id
}
func (m model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	k, isKey := msg.(tea.KeyMsg)
	if isKey {
		s := k.String()
		if s == "ctrl+q" {
			return m, tea.Quit
		}
		switch m.page {
		case "list":
			switch s {
			case "down":
				m.gov = (m.gov + 1) % len(govs)
			case "up":
				m.gov = (m.gov + len(govs) - 1) % len(govs)
			case "enter":
				m.f[3].SetValue(govs[m.gov])
				m.page = "form"
			}
			return m, nil
		case "confirm":
			switch s {
			case "enter":
				return fresh(fmt.Sprintf("تم الحفظ برقم %d", m.store())), nil
			case "esc":
				m.page = "form"
			}
			return m, nil
		}
		switch s {
		case "tab":
			c := m.focus(m.cur + 1)
			return m, c
		case "shift+tab":
			c := m.focus(m.cur - 1)
			return m, c
		case "ctrl+s": // bubbletea 0.19 does not know F2
			if b := m.bad(); b >= 0 {
				m.status = "خطأ: " + labels[b]
				c := m.focus(b)
				return m, c
			}
			m.page = "confirm"
			return m, nil
		case "enter":
			if m.cur == 3 {
				m.page = "list"
			}
			return m, nil
		case "down":
			if m.cur == 9 {
				if m.f[9].Value() == "لا" {
					m.f[9].SetValue("نعم")
				} else {
					m.f[9].SetValue("لا")
				}
				return m, nil
			}
			c := m.focus(m.cur + 1)
			return m, c
		}
		if m.cur == 3 || m.cur == 9 {
			return m, nil
		}
	}
	var c tea.Cmd
	m.f[m.cur], c = m.f[m.cur].Update(msg)
	return m, c
}
func pad(s string) string {
	if n := 18 - len([]rune(s)); n > 0 {
		return s + strings.Repeat(" ", n)
	}
	return s
}
func (m model) View() string {
	var b strings.Builder
	switch m.page {
	case "list":
		b.WriteString("المحافظة\n\n")
		for i, g := range govs {
			if i == m.gov {
				b.WriteString("> " + g + "\n")
			} else {
				b.WriteString("  " + g + "\n")
			}
		}
	case "confirm":
		b.WriteString("تأكيد البيانات\n\n")
		for i, l := range labels {
			b.WriteString(pad(l) + m.f[i].Value() + "\n")
		}
		b.WriteString("\n\nEnter حفظ   Esc رجوع")
	default:
		b.WriteString("طلب خدمة جديد - مركز سند\n\n")
		for i, l := range labels {
			b.WriteString(pad(l) + m.f[i].View() + "\n")
		}
		b.WriteString("\n\nTab التالي   Enter قائمة   ^S حفظ   ^Q خروج\n\n" + m.status)
	}
	return b.String()
}
func main() {
	var err error
	if db, err = sql.Open("sqlite3", os.Getenv("FORM_DB")+"?_busy_timeout=10000&_synchronous=NORMAL"); err != nil {
		log.Fatal(err)
	}
	s, err := wish.NewServer(wish.WithAddress("127.0.0.1:"+os.Args[1]), wish.WithHostKeyPath(os.Args[2]),
		wish.WithPasswordAuth(func(c ssh.Context, p string) bool { return c.User() == "test" && p == "test" }),
		wish.WithMiddleware(bm.Middleware(func(ssh.Session) (tea.Model, []tea.ProgramOption) {
			return fresh(""), []tea.ProgramOption{tea.WithAltScreen()}
		})))
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(s.ListenAndServe())
}
