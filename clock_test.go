package staydown

import (
	"testing"
	"time"
)

var testTime = time.Date(2019, 11, 21, 9, 0, 0, 0, time.UTC)

func TestTimesAreCutInOnePlace(t *testing.T) {
	in := time.Date(2019, 11, 21, 10, 0, 0, 123456789, time.FixedZone("x", 3600))
	if got := At(in); !got.Equal(time.Date(2019, 11, 21, 9, 0, 0, 123000000, time.UTC)) || got.Location() != time.UTC {
		t.Errorf("%v", got)
	}
	if !At(time.Time{}).IsZero() {
		t.Error("no time became a time")
	}
}

func TestCampaignMaySend(t *testing.T) {
	c := Campaign{State: CampaignCollecting, ReleaseAt: testTime}
	if c.MaySend(testTime) {
		t.Error("before the release")
	}
	if _, err := c.Move("release", testTime.Add(-time.Second)); CodeOf(err) != "campaign.embargo" {
		t.Errorf("released early: %v", err)
	}
	if _, err := c.Move("release", testTime); err != nil || !c.MaySend(testTime) {
		t.Errorf("%v", err)
	}
	c.Freeze(true)
	if c.MaySend(testTime) {
		t.Error("frozen")
	}
}
