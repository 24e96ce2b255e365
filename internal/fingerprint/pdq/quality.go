package pdq

// quality measures how much structure the samples show, 0 to 100: the steps
// between neighbours, each in whole percent of full brightness and truncated,
// so that noise counts for nothing. The constant is the reference's.
func (s *samples) quality() int {
	low, _ := s.qualities(0)
	return low
}

// qualities returns the lowest and the highest quality there could be if every
// step were off by up to slack percent.
func (s *samples) qualities(slack float32) (low, high int) {
	least, most := 0, 0
	count := func(a, b float32) {
		step := float32((a-b)*100) / 255
		if step < 0 {
			step = -step
		}
		whole := int(step)
		rest := step - float32(whole)
		least += whole
		most += whole
		if rest < slack && whole > 0 {
			least--
		}
		if rest+slack >= 1 {
			most++
		}
	}
	for i := range side {
		row := &s[i]
		for j := range side - 1 {
			count(row[j], row[j+1])
		}
		if i+1 < side {
			below := &s[i+1]
			for j := range side {
				count(row[j], below[j])
			}
		}
	}
	return min(least/90, 100), min(most/90, 100)
}
