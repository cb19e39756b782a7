module fraud-stub

go 1.26.0
