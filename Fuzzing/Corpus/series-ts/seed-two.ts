# made here
@problemName Tiny
@timeStamps false
@classLabel true a b
@data
0,1,2:10,10,20:b
2,0:0,5:a
